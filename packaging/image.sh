#!/usr/bin/env bash
# Makes dist/image: tirl with the Java that it needs. The lab's tests run it, and packaging/dist.sh packs it. After `make build`,
# as root, with nft and libpcap. Does nothing when the one that is there was made from the same jars and in the same way.
set -euo pipefail
cd "$(dirname "$0")/.."

app=cli/target/app
image=$PWD/dist/image
arch=$(uname -m)
sqlite=cli/target/native/org/sqlite/native/Linux/$arch/libsqlitejdbc.so
if [ ! -f "$sqlite" ] || ! ls "$app"/cli-*.jar cli/target/sources/picocli-*-sources.jar >/dev/null 2>&1; then
    echo "image: not built yet; run \`make build\` in $PWD" >&2
    exit 1
fi
jdk=$(./tirl --find-jdk)

# Not by time stamps: each run of Maven copies the jars anew, the same to the byte.
made_from=$(sha256sum "$app"/*.jar "$sqlite" cli/target/sources/*.jar "$jdk/release" packaging/{image.sh,rehearsal.sh,tirl,daemon.options,client.options,knock.options})
if [ "$(cat "$image/made-from" 2>/dev/null)" = "$made_from" ]; then
    echo "image: dist/image is up to date"
    exit
fi
if [ "${1:-}" != in-namespace ]; then
    if [ "$(id -u)" -ne 0 ]; then
        echo "image: only root can make dist/image, which learns in a network namespace" >&2
        exit 1
    fi
    exec unshare --net "$PWD/packaging/image.sh" in-namespace
fi

began=$SECONDS
. packaging/rehearsal.sh
rm -rf "$image"
mkdir -p "$image/bin" "$image/lib" "$work/jars"

# ---- jars as jlink and the AOT cache want them ---------------------------------------------------------------------

cp "$app"/*.jar "$work/jars"

# The published picocli is of a class file version that no AOT cache takes.
picocli=$(ls "$app"/picocli-*.jar)
picocli_version=$(basename "$picocli" .jar) picocli_version=${picocli_version#picocli-}
mkdir "$work/picocli" "$work/picocli-classes"
(cd "$work/picocli" && "$jdk/bin/jar" --extract --file "../../../cli/target/sources/picocli-$picocli_version-sources.jar")
echo 'module info.picocli { requires static java.sql; exports picocli; }' >"$work/picocli/module-info.java"
"$jdk/bin/javac" -nowarn -Xlint:none --release 25 -g:source,lines -d "$work/picocli-classes" \
    "$work/picocli/module-info.java" "$work"/picocli/picocli/*.java
"$jdk/bin/jar" --create --file "$work/jars/$(basename "$picocli")" --module-version "$picocli_version" \
    -C "$work/picocli-classes" .

# jlink takes no module that has only a name: such a jar gets a descriptor that exports all it has.
for jar in "$work"/jars/*.jar; do
    "$jdk/bin/jar" --describe-module --file "$jar" 2>&1 | grep -q automatic || continue
    library=$(basename "$jar" .jar)
    "$jdk/bin/jdeps" --multi-release 25 --ignore-missing-deps --module-path "$work/jars" \
        --generate-module-info "$work/$library" "$jar" >/dev/null 2>&1
    descriptor=$(find "$work/$library" -name module-info.java)
    module=$(sed -n 's/^.*module \([^ ]*\) {.*/\1/p' "$descriptor")
    "$jdk/bin/javac" -Xlint:none -p "$work/jars" --patch-module "$module=$jar" -d "$work/$library" "$descriptor"
    "$jdk/bin/jar" --update --file "$jar" --module-version "${library##*-}" -C "$work/$library" module-info.class
done

# ---- the image -----------------------------------------------------------------------------------------------------

"$jdk/bin/jlink" --module-path "$work/jars" --add-modules tirl.cli --output "$image/lib/runtime" \
    --ignore-signing-information --strip-debug --no-header-files --no-man-pages \
    --exclude-resources '/org.xerial.sqlitejdbc/org/sqlite/native/**' 2>"$work/log" # says of each signed jar that it is one
# Only the providers that this image has: to look for one that it lacks, Java would load every other, Bouncy Castle with 650 classes.
# And without the comments, 60 kB that every start would read.
sed -i -E -e '/^security\.provider\.[0-9]+=/{/=(SUN|SunRsaSign|SunEC|SunJSSE|SunJCE)$/!d}' -e '/^#/d' "$image/lib/runtime/conf/security/java.security"
cp "$sqlite" packaging/{daemon,client,knock}.options "$image/lib"
# Until there is a cache: a JVM that learns takes none.
sed 's/-XX:AOTCache=[^ ]* //' packaging/tirl >"$image/bin/tirl"
chmod 755 "$image/bin/tirl"

# ---- what the commands load, learned from real ones ----------------------------------------------------------------

# learn KIND: in what follows, each command writes down what it loads
learn() { export TIRL_JAVA_OPTIONS="-XX:DumpLoadedClassList=$work/$1.%p.list"; }

rehearse "$image/bin/tirl" learn
unset TIRL_JAVA_OPTIONS
cp packaging/tirl "$image/bin/tirl"

cache() { # KIND
    # The numbers that a list gives to its classes are of that list alone, and nobody needs them.
    cat "$work/$1".*.list | sed 's/ id: [0-9]*$//' | awk '!seen[$0]++' >"$work/$1.list"
    "$image/lib/runtime/bin/java" -Xshare:dump -XX:+AOTClassLinking -XX:SharedClassListFile="$work/$1.list" \
        -XX:SharedArchiveFile="$image/lib/$1.aot" -Xlog:disable -Xlog:all=error:stderr -XX:+UseSerialGC -Xmx256m \
        --enable-native-access=tirl.linux,org.xerial.sqlitejdbc -m tirl.cli/tirl.cli.Main
}

cache daemon &
daemon_cache=$!
cache client
cache knock
wait "$daemon_cache"
echo "$made_from" >"$image/made-from"
echo "image: made dist/image in $((SECONDS - began)) s, $(du -sh "$image" | cut -f1)"
