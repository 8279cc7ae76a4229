#!/usr/bin/env bash
# Makes dist/tirl-VERSION-linux-ARCH, with a .tar.gz of it: tirl with the Java that it needs, for hosts that have none. After
# `make build`. The result is tried here, in a network namespace, before it is packed. As root, with nft and libpcap.
set -euo pipefail
cd "$(dirname "$0")/.."

[ "${1:-}" = in-namespace ] || exec unshare --net "$PWD/packaging/dist.sh" in-namespace

fail() {
    echo "dist: $1" >&2
    exit 1
}

jdk=$(./tirl --find-jdk)
app=cli/target/app
version=$(basename "$app"/cli-*.jar .jar) version=${version#cli-}
arch=$(uname -m)
name=tirl-$version-linux-$arch
image=$PWD/dist/$name
work=$PWD/dist/work
rm -rf "$image" "$image.tar.gz" "$work"
mkdir -p "$image/bin" "$image/lib" "$image/share/systemd" "$image/share/doc" "$work/jars"
daemon=''
leave() {
    if [ $? -ne 0 ]; then cat "$work/log" "$work/out" >&2 2>/dev/null || true; fi
    [ -z "$daemon" ] || kill -KILL "$daemon" 2>/dev/null || true
    rm -rf "$work"
}
trap leave EXIT

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
    --ignore-signing-information --strip-debug --no-header-files --no-man-pages --exclude-resources '/org.xerial.sqlitejdbc/org/sqlite/native/**'
# Only the providers that this image has: to look for one that it lacks, Java would load every other, Bouncy Castle with 650 classes.
sed -i -E '/^security\.provider\.[0-9]+=/{/=(SUN|SunRsaSign|SunEC|SunJSSE|SunJCE)$/!d}' "$image/lib/runtime/conf/security/java.security"
cp "cli/target/native/org/sqlite/native/Linux/$arch/libsqlitejdbc.so" "$image/lib"
# Until there is a cache: a JVM that learns takes none.
sed 's/-XX:AOTCache=[^ ]* //' packaging/tirl >"$image/bin/tirl"
chmod 755 "$image/bin/tirl"
for unit in packaging/systemd/*.service; do
    sed "s|/usr/lib/tirl/tirl|/opt/tirl/bin/tirl|g; s|/usr/share/doc/tirl|/opt/tirl/share/doc/docs|g" "$unit" \
        >"$image/share/systemd/$(basename "$unit")"
done
cp README.md "$image/share/doc"
cp -r docs "$image/share/doc/docs"

# The licences that the libraries bring, beside our list of them.
cp -r packaging/licences "$image/share/doc"
for jar in "$work"/jars/{jackson,sqlite,commons,bc}*.jar; do
    library=$(basename "$jar" .jar)
    mkdir -p "$work/$library" "$image/share/doc/licences/${library%-*}"
    (cd "$work/$library" && "$jdk/bin/jar" --extract --file "$jar" META-INF)
    find "$work/$library/META-INF" -regex '.*\(LICENSE\|NOTICE\)[^/]*' -type f \
        -exec cp {} "$image/share/doc/licences/${library%-*}" \;
done

# ---- what the commands load, learned from real ones ----------------------------------------------------------------

ip link set lo up
mkdir -m 700 "$work/profiles"
cat >"$work/tirl.toml" <<CONFIG
[daemon]
interfaces = ["lo"]
control = "$work/control.sock"
state = "$work/state"

[[service]]
name = "ssh"
ports = ["tcp/22"]

[[door]]
name = "ops"
sequence = ["tcp/9000", "udp/7000", "tcp/8000"]
within = "10s"
opens = ["ssh"]
for = "30s"
CONFIG
{
    cat "$work/tirl.toml"
    echo '[spa]'
    echo 'name = "127.0.0.1"'
} >"$work/spa.toml"
cat >"$work/knockd.conf" <<CONFIG
[ssh]
    sequence = 9001,7001:udp
    start_command = /bin/true
    cmd_timeout = 1
    stop_command = /bin/true
CONFIG
cat >"$work/profiles/gate.toml" <<CONFIG
host = "127.0.0.1"
knock = ["tcp/9000", "udp/7000", "tcp/8000"]
CONFIG
chmod 600 "$work"/*.toml "$work"/profiles/*

until_seen() { # TEXT FILE: 20 s at most
    local try
    for try in {1..400}; do
        grep -q -- "$1" "$2" && return
        sleep 0.05
    done
    fail "\"$1\" was not seen within 20 s"
}

tirl() { "$image/bin/tirl" "$@" >"$work/out" || fail "tirl $* failed"; }

# begin PROGRAM WORD...: beside this script, until `finish`
begin() {
    : >"$work/log" # before the daemon: nobody is to read what another one wrote
    "$image/bin/tirl" "$@" >>"$work/log" 2>&1 &
    daemon=$!
}

finish() { # EXIT CODE
    local code=0
    kill -TERM "$daemon"
    wait "$daemon" || code=$?
    [ "$code" -eq "$1" ] || fail "the daemon ended with $code instead of $1"
    daemon=''
}

# learn KIND: in what follows, each command writes down what it loads
learn() { export TIRL_JAVA_OPTIONS="-XX:DumpLoadedClassList=$work/$1.%p.list"; }

# The commands and the daemon at work, once to learn from and once to see that the result works.
rehearse() {
    $1 daemon
    begin serve -c "$work/tirl.toml"
    until_seen "ready: guarding tcp/22" "$work/log"
    $1 client
    tirl --version
    tirl check "$work/tirl.toml"
    tirl knock -d 20 127.0.0.1 9000 7000:udp 8000
    until_seen "127.0.0.1 ops: opened tcp/22" "$work/log"
    # Nobody listens on the port: this knocks, and fails in time.
    if (tirl open gate --profiles "$work/profiles" --wait --within 1s) >/dev/null 2>&1; then fail "who is on port 22?"; fi
    tirl open gate --profiles "$work/profiles"
    tirl leases -c "$work/tirl.toml"
    tirl status --json -c "$work/tirl.toml"
    grep -q '"store":"good"' "$work/out" || fail "the daemon has no store"
    tirl revoke 127.0.0.1 -c "$work/tirl.toml"
    tirl grant 192.0.2.7 ssh --for 2s -c "$work/tirl.toml"
    tirl reload -c "$work/tirl.toml"
    finish 0
    rehearse_spa "$1"
    nft delete table inet tirl
    $1 daemon
    begin knockd -i lo -c "$work/knockd.conf" -v --state "$work/knockd"
    until_seen listening "$work/log"
    $1 client
    ln -sf "$image/bin/tirl" "$work/knock"
    "$work/knock" -d 20 127.0.0.1 9001 7001:udp
    until_seen "OPEN SESAME" "$work/log"
    finish 15 # as knockd does
}

# A device comes, opens, asks, and goes.
rehearse_spa() {
    rm -f "$work/profiles/laptop.toml"
    $1 daemon
    begin serve -c "$work/spa.toml"
    until_seen "ready: guarding tcp/22" "$work/log"
    $1 client
    tirl invite laptop --service ssh -c "$work/spa.toml"
    grep -im1 '^tirl:' "$work/out" >"$work/invitation"
    tirl join --as laptop --profiles "$work/profiles" <"$work/invitation"
    tirl open laptop --answer --profiles "$work/profiles"
    until_seen "127.0.0.1 laptop/ssh: opened tcp/22" "$work/log"
    tirl doctor laptop --profiles "$work/profiles"
    tirl close laptop --profiles "$work/profiles"
    tirl devices -c "$work/spa.toml"
    tirl devices revoke laptop -c "$work/spa.toml"
    finish 0
}

rehearse learn
unset TIRL_JAVA_OPTIONS
cp packaging/tirl "$image/bin/tirl"

for kind in client daemon; do
    # The numbers that a list gives to its classes are of that list alone, and nobody needs them.
    cat "$work/$kind".*.list | sed 's/ id: [0-9]*$//' | awk '!seen[$0]++' >"$work/$kind.list"
    "$image/lib/runtime/bin/java" -Xshare:dump -XX:+AOTClassLinking -XX:SharedClassListFile="$work/$kind.list" \
        -XX:SharedArchiveFile="$image/lib/$kind.aot" -Xlog:disable -Xlog:all=error:stderr -XX:+UseSerialGC -Xmx256m \
        --enable-native-access=tirl.linux,org.xerial.sqlitejdbc -m tirl.cli/tirl.cli.Main
done

# ---- tried as it is shipped, moved to another folder; a cache that is not used fails here ---------------------------

try() { export TIRL_JAVA_OPTIONS="-XX:AOTMode=on"; }

mv "$image" "$work/$name"
cp -r "$work/$name" "$image"
rm -rf "${work:?}/$name"
rehearse try

tar --sort=name --owner=0 --group=0 --numeric-owner -C dist -czf "dist/$name.tar.gz" "$name"
du -sh "dist/$name" "dist/$name.tar.gz"
