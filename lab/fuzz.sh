#!/bin/sh
# Jazzer, a fuzzer that coverage leads, looks for packets of fwknop's that open, throw or tell a secret: fuzz.sh [SECONDS]
# What it finds is a file in lab/target/fuzz; `fuzz.sh 0 FILE` does it once more. Needs wire compiled with its tests: `make fuzz`.
# No part of the build: it wants a gigabyte of memory and changes classes as they are loaded.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
[ $# -eq 0 ] || shift
jdk=$(./tirl --find-jdk)
export JAVA_HOME="$jdk"
lib=lab/target/fuzz
mkdir -p $lib/corpus
for artifact in jazzer jazzer-api; do
    [ -e $lib/$artifact-0.30.0.jar ] || mvn -q -B dependency:copy \
        -Dartifact=com.code-intelligence:$artifact:0.30.0 -DoutputDirectory="$PWD/$lib" -f pom.xml -N
done
[ -e $lib/classpath ] || mvn -q -B dependency:build-classpath -f pom.xml -N -Dmdep.outputFile="$PWD/$lib/classpath"
root=$PWD
cd $lib
[ $# -gt 0 ] || set -- corpus
exec "$jdk/bin/java" --enable-native-access=ALL-UNNAMED \
    -cp "jazzer-0.30.0.jar:jazzer-api-0.30.0.jar:$root/wire/target/test-classes:$root/wire/target/classes:$(cat classpath)" \
    com.code_intelligence.jazzer.Jazzer --target_class=tirl.fwknop.FuzzTarget \
    --instrumentation_includes='tirl.**' --custom_hook_includes='tirl.**' -max_len=1700 -max_total_time="$seconds" "$@"
