#!/usr/bin/env bash
# What it costs to start, as root: bench-start.sh ROUNDS LAUNCHER... (default: the checkout beside the image of `make dist`).
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-10}
shift || true
[ $# -gt 0 ] || set -- "$PWD/tirl" "$PWD"/dist/tirl-*/bin/tirl
exec lab/java.sh tirl.lab.bench.StartBench "$rounds" "$@"
