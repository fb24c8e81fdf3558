#!/usr/bin/env bash
# Rehearses faults on real processes (docs/reliability.md): scripts/drill.sh F9, scripts/drill.sh all,
# scripts/drill.sh kill-points, scripts/drill.sh soak --minutes 10 --kill-every 30. Builds nothing:
# build/release/nelumbo must be there.
exec python3 "$(dirname "$0")/drill.py" "$@"
