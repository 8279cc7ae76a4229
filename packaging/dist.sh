#!/usr/bin/env bash
# Makes dist/tirl-VERSION-linux-ARCH from dist/image, with a .tar.gz of it, for hosts that have no Java. After `make build`. The
# result is tried here, in a network namespace, before it is packed. As root, with nft and libpcap.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" != in-namespace ]; then
    packaging/image.sh
    exec unshare --net "$PWD/packaging/dist.sh" in-namespace
fi

jdk=$(./tirl --find-jdk)
app=cli/target/app
version=$(basename "$app"/cli-*.jar .jar) version=${version#cli-}
name=tirl-$version-linux-$(uname -m)
image=$PWD/dist/$name
. packaging/rehearsal.sh
rm -rf "$image" "$image.tar.gz"
cp -r dist/image "$image"
rm "$image/made-from"
mkdir -p "$image/share/systemd" "$image/share/doc"

for unit in packaging/systemd/*.service; do
    sed "s|/usr/lib/tirl/tirl|/opt/tirl/bin/tirl|g; s|/usr/share/doc/tirl|/opt/tirl/share/doc/docs|g" "$unit" \
        >"$image/share/systemd/$(basename "$unit")"
done
cp README.md "$image/share/doc"
cp -r docs "$image/share/doc/docs"
mv "$image/share/doc/docs/man" "$image/share/man"

# The licences that the libraries bring, beside our list of them.
cp -r packaging/licences "$image/share/doc"
for jar in "$PWD/$app"/{jackson,sqlite,commons,bc}*.jar; do
    library=$(basename "$jar" .jar)
    mkdir -p "$work/$library" "$image/share/doc/licences/${library%-*}"
    (cd "$work/$library" && "$jdk/bin/jar" --extract --file "$jar" META-INF)
    find "$work/$library/META-INF" -regex '.*\(LICENSE\|NOTICE\)[^/]*' -type f \
        -exec cp {} "$image/share/doc/licences/${library%-*}" \;
done

# Tried as it is shipped, in another folder than the one where it was made; a cache that is not used fails here.
try() { export TIRL_JAVA_OPTIONS="-XX:AOTMode=on"; }
rehearse "$image/bin/tirl" try

tar --sort=name --owner=0 --group=0 --numeric-owner -C dist -czf "dist/$name.tar.gz" "$name"
du -sh "dist/$name" "dist/$name.tar.gz"
