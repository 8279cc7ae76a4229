#!/usr/bin/env bash
# tirl beside knockd and fwknopd, as root: bench.sh [ROW...], all rows without arguments. ROUNDS=30 is a quick run.
# A whole run writes bench/results.md; RESULTS names another file, also for some rows only.
set -euo pipefail
cd "$(dirname "$0")/.."
exec lab/java.sh tirl.lab.bench.Bench "$@"
