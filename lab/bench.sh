#!/usr/bin/env bash
# Runs the benchmarks beside the peers (as root); an argument is the number of rounds.
set -euo pipefail
cd "$(dirname "$0")/.."
jdk=$(./tirl --find-jdk)
jspecify=$(ls cli/target/app/jspecify-*.jar)
exec "$jdk/bin/java" --enable-native-access=tirl.lab -Dtirl.launcher="$PWD/tirl" \
    -p "lab/target/classes:$jspecify" -m tirl.lab/tirl.lab.bench.LatencyBench "$@"
