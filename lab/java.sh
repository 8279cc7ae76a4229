#!/usr/bin/env bash
# Runs a program of the lab, beside the built tirl: java.sh CLASS [ARGUMENT...]
set -euo pipefail
cd "$(dirname "$0")/.."
jdk=$(./tirl --find-jdk)
exec "$jdk/bin/java" --enable-native-access=tirl.lab,tirl.linux -Dtirl.launcher="${TIRL:-$PWD/tirl}" \
    -p "lab/target/classes:cli/target/app" -m "tirl.lab/$1" "${@:2}"
