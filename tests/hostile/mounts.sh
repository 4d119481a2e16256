#!/bin/bash
# Disks that are full at any write, and folders that cannot be written: real mounts, by hand, as root.
#
#   unshare -m tests/hostile/mounts.sh target/release/cost
#
# A tmpfs of each size from 0 to 256 KiB holds the state, the decisions, the metrics, or the estate.
# What must hold: exit code 0 or 3, or 1 with one line that names the cause; the former file or
# estate stays complete; nothing half-written stays; the next run on a larger disk recovers.
set -u
cost=$(realpath "$1")
cd "$(dirname "$0")/../.." || exit 1
sample=datasets/focus/focus_sample_1000.csv
work=$(mktemp -d)
disk=$work/disk
mkdir "$disk"
trap 'umount "$disk" 2>/dev/null; rm -rf "$work"' EXIT
runs=0
refused=0
problems=0

wrong() {
  problems=$((problems + 1))
  echo "PROBLEM: $*: $(head -c 300 "$work/err")"
}

# attempt WHAT COMMAND…: runs a command, and judges how it ends
attempt() {
  local what=$1
  shift
  runs=$((runs + 1))
  timeout 60 "$cost" "$@" >"$work/out" 2>"$work/err"
  code=$?
  case $code in
    0 | 3) ;;
    1)
      refused=$((refused + 1))
      grep -qE 'No space left|no space|Read-only|read-only|os error (28|30)' "$work/err" || wrong "$what: no cause"
      [ "$(grep -c '^error: ' "$work/err")" -le 1 ] || wrong "$what: several errors"
      ;;
    *) wrong "$what: exit code $code" ;;
  esac
}

# left WHAT: nothing half-written stays on the disk
left() {
  local found
  found=$(find "$disk" \( -name '*.writing' -o -name '*lock' \) | head -3)
  [ -z "$found" ] || wrong "$1: $found stays"
}

json() {
  python3 -c 'import json,sys; json.load(open(sys.argv[1]))' "$1" 2>>"$work/err" || wrong "$2: half a file"
}

full() { # full KIB: a new disk of this size
  umount "$disk" 2>/dev/null
  mount -t tmpfs -o size="$1"k tmpfs "$disk" || exit 1
}

printf '[metrics]\npath = "%s/cost.prom"\n' "$disk" >"$work/cost.toml"
"$cost" savings datasets/demo --decisions "$work/decisions.json" >/dev/null || exit 1
"$cost" pull files $sample --into "$work/estate" --as-of 2024-12-01 >/dev/null || exit 1

# tmpfs counts pages of 4 KiB.
for kib in $(seq 4 4 128) 160 192 256; do
  full "$kib"
  attempt "state on $kib KiB" anomalies datasets/demo --state "$disk/alerts.json" --config "$work/cost.toml" --lookback 60
  left "state on $kib KiB"
  [ ! -e "$disk/alerts.json" ] || json "$disk/alerts.json" "state on $kib KiB"
  mount -o remount,size=64m "$disk"
  attempt "state, then a larger disk" anomalies datasets/demo --state "$disk/alerts.json" --config "$work/cost.toml" --lookback 60
  [ "$code" = 0 ] || wrong "state on $kib KiB, then a larger disk: $code"
  json "$disk/alerts.json" "state, then a larger disk"

  full "$kib"
  attempt "decisions on $kib KiB" savings datasets/demo --decisions "$disk/decisions.json"
  left "decisions on $kib KiB"
  [ ! -e "$disk/decisions.json" ] || json "$disk/decisions.json" "decisions on $kib KiB"

  full "$kib"
  attempt "estate on $kib KiB" pull files $sample --into "$disk/estate" --as-of 2024-12-01
  left "estate on $kib KiB"
  [ "$code" != 1 ] || [ ! -e "$disk/estate" ] || wrong "estate on $kib KiB: half an estate"
done

# A former estate and a former file of decisions, and ever less space for the next one.
need=$(du -sk "$work/estate" | cut -f1)
for more in $(seq 0 4 $((need + 8))); do
  full 65536
  cp -r "$work/estate" "$disk/estate"
  before=$(find "$disk/estate" -type f -exec sha256sum {} + | sort | sha256sum)
  mount -o remount,size=$((need + more))k "$disk" 2>/dev/null || continue
  attempt "estate again, $more KiB free" pull files $sample --into "$disk/estate" --as-of 2024-12-02
  left "estate again, $more KiB free"
  after=$(find "$disk/estate" -type f -exec sha256sum {} + | sort | sha256sum)
  [ "$code" = 0 ] || [ "$before" = "$after" ] || wrong "estate again, $more KiB free: not the former one"
done
id=$(grep -oE 'op-[0-9a-f]{10}' "$work/decisions.json" | head -1)
size=$(($(stat -c %s "$work/decisions.json") / 1024 + 4))
for more in $(seq 0 4 $((size + 8))); do
  full 65536
  cp "$work/decisions.json" "$disk/decisions.json"
  mount -o remount,size=$((size + more))k "$disk" 2>/dev/null || continue
  attempt "decision, $more KiB free" savings accept "$id" --decisions "$disk/decisions.json"
  left "decision, $more KiB free"
  [ "$code" = 0 ] || cmp -s "$work/decisions.json" "$disk/decisions.json" || wrong "decision, $more KiB free: changed"
done
echo "full disks: $runs runs, $refused refused, $problems problems"

# Folders that cannot be written: reading works, writing is refused in words.
runs=0
refused=0
full 65536
cp -r "$work/estate" "$disk/estate"
cp "$work/decisions.json" "$disk/decisions.json"
"$cost" anomalies datasets/demo --state "$disk/alerts.json" --lookback 60 >/dev/null
before=$(find "$disk" -type f -exec sha256sum {} + | sort | sha256sum)
mount -o remount,ro "$disk"
for reads in "review $disk/estate" "savings $disk/estate" "validate $disk/estate/billing" \
  "review datasets/demo --decisions $disk/decisions.json" "explain $id datasets/demo --decisions $disk/decisions.json" \
  "explain an-1 datasets/demo --state $disk/alerts.json" "commitments $disk/estate"; do
  runs=$((runs + 1))
  # shellcheck disable=SC2086
  timeout 60 "$cost" $reads >"$work/out" 2>"$work/err"
  code=$?
  # An alert that does not exist is an error, but not of the disk.
  grep -qE 'Read-only|os error 30' "$work/err" && wrong "read-only: $reads"
  [ "$code" -le 3 ] || wrong "read-only: $reads: $code"
done
for writes in "pull files $sample --into $disk/estate" "pull files $sample --into $disk/new" \
  "anomalies datasets/demo --state $disk/alerts.json" "anomalies datasets/demo --state $disk/new.json" \
  "anomalies ack an-1 --state $disk/alerts.json" "savings accept $id --decisions $disk/decisions.json" \
  "savings datasets/demo --decisions $disk/decisions.json"; do
  # shellcheck disable=SC2086
  attempt "read-only: $writes" $writes
  [ "$code" = 1 ] || wrong "read-only: $writes: exit code $code"
done
after=$(find "$disk" -type f -exec sha256sum {} + | sort | sha256sum)
[ "$before" = "$after" ] || wrong "read-only: changed"
echo "read-only: $runs runs, $refused refused, $problems problems in total"
[ "$problems" = 0 ]
