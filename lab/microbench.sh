#!/bin/bash
# JMH on the benchmarks among the tests of core and linux: microbench.sh [REGEX] [OPTIONS OF JMH]. Needs them compiled: `make microbench`.
# JMH calls benchmarks by code that it generates. That is done here and not by its annotation processor, as the house's compiler would
# find fault with it.
set -euo pipefail
cd "$(dirname "$0")/.."
jdk=$(./tirl --find-jdk)
export JAVA_HOME="$jdk"
[ -e linux/target/classpath ] || { echo "microbench: linux/target/classpath is missing: run make microbench" >&2; exit 1; }
lib=lab/target/microbench
for artifact in jmh-generator-bytecode jmh-generator-reflection jmh-generator-asm; do
    [ -e $lib/$artifact-1.37.jar ] || MAVEN_OPTS=--sun-misc-unsafe-memory-access=allow mvn -q -B -ntp dependency:copy \
        -Dartifact=org.openjdk.jmh:$artifact:1.37 -DoutputDirectory="$PWD/$lib" -f pom.xml -N
done
generated=$lib/generated
rm -rf $generated
mkdir -p $generated/sources $generated/classes
tests=$lib/tests
rm -rf $tests
mkdir -p $tests
cp -r core/target/test-classes/. linux/target/test-classes/. $tests
classpath=$tests:$(cat linux/target/classpath):linux/target/classes
"$jdk/bin/java" --sun-misc-unsafe-memory-access=allow -cp "$lib/*:$classpath" org.openjdk.jmh.generators.bytecode.JmhBytecodeGenerator \
    $tests $generated/sources $generated/classes >$lib/generator.log 2>&1 || { cat $lib/generator.log >&2; exit 1; }
find $generated/sources -name '*.java' >$lib/sources
"$jdk/bin/javac" -nowarn -proc:none -cp "$classpath" -d $generated/classes @$lib/sources
# The daemon's collector. Only octets per packet are of interest, not how often and how long the collector ran.
"$jdk/bin/java" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp "$generated/classes:$classpath" \
    org.openjdk.jmh.Main -prof gc "$@" | grep --line-buffered -vE ':gc\.(alloc\.rate |count|time)'
