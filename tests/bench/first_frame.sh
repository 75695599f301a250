#!/usr/bin/env bash
# Time from the start of the program to its first visible frame, in milliseconds, on the present display.
# Usage: tests/bench/first_frame.sh [binary] [file]   (needs xdotool; the window stays hidden until it is drawn)
set -euo pipefail
binary="${1:-target/release/quintile}"
shift || true
for _ in 1 2 3 4 5; do
    start=$(date +%s%N)
    "$binary" "$@" &
    pid=$!
    xdotool search --sync --onlyvisible --pid "$pid" --name '^Quintile' >/dev/null
    end=$(date +%s%N)
    kill "$pid"
    wait "$pid" 2>/dev/null || true
    echo "first frame after $(((end - start) / 1000000)) ms"
done
