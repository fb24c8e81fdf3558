#!/usr/bin/env bash
# Turns Parquet files into JSON Lines beside them: scripts/parquet_to_jsonl.sh FILE... A column of
# bytes becomes text, or a data URL where it is a picture. pyarrow from PyPI goes into
# $NELUMBO_DEPS/pyarrow (~/.cache/nelumbo/pyarrow unless set). Exit code 2: a file is no Parquet, 3:
# pyarrow could not be fetched.
set -euo pipefail
source "$(dirname "$0")/environment.sh"

fail() {
  echo "parquet_to_jsonl: $2" >&2
  exit "$1"
}
[ $# -gt 0 ] || fail 2 "name the Parquet files"

venv=$NELUMBO_DEPS/pyarrow
if ! "$venv/bin/python" -c 'import pyarrow' 2>/dev/null; then
  python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check pyarrow ||
    fail 3 "pip install pyarrow failed; the network or the package index may be away"
fi

for file in "$@"; do
  out=${file%.parquet}.jsonl
  [ ! -e "$out" ] || fail 2 "$out is there already; remove it first"
  "$venv/bin/python" - "$file" "$out.part" <<'PYTHON' || fail 2 "$file: is not converted"
import base64
import json
import sys

import pyarrow.parquet as parquet

PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def plain(value):
    """What JSON can hold."""
    if isinstance(value, bytes):
        for head, kind in PICTURES.items():
            if value.startswith(head):
                return f"data:{kind};base64," + base64.b64encode(value).decode()
        return value.decode("utf-8", "replace")
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        if isinstance(value.get("bytes"), bytes):  # a picture as data sets store it
            return {"url": plain(value["bytes"])}
        return {key: plain(one) for key, one in value.items() if one is not None}
    if isinstance(value, float) and value != value:
        return None  # JSON has no NaN
    return value


try:
    table = parquet.ParquetFile(sys.argv[1])
except Exception as error:
    sys.exit(f"parquet_to_jsonl: {sys.argv[1]}: {error}")
with open(sys.argv[2], "w", encoding="utf-8") as out:
    for batch in table.iter_batches(1024):
        for row in batch.to_pylist():
            out.write(json.dumps(plain(row), ensure_ascii=False, default=str) + "\n")
PYTHON
  mv "$out.part" "$out"
  echo "parquet_to_jsonl: $out" >&2
done
