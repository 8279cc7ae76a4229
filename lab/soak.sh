#!/usr/bin/env bash
# Honest and hostile packets mixed, for MINUTES=30 from SEED, RATE=3000 hostile packets a second, as root; then a verdict.
set -euo pipefail
cd "$(dirname "$0")/.."
exec lab/java.sh tirl.lab.bench.Soak
