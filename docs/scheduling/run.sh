#!/bin/sh
# Runs the anomaly job once, for cron and other shells. Exit codes: 0 no new anomaly, 3 a new anomaly, 1 failed (also if there
# is a new anomaly).
#
# Set COST_ESTATE (the estate or bill), COST_STATE (the state file of this job), and COST_CONFIG (docs/configuration.md).
set -eu
# Reports contain account IDs and costs: only the owner can read them.
umask 077
: "${COST_ESTATE:?set it to the path of the estate or bill}"
: "${COST_STATE:?set it to the path of the state file}"

code=0
cost anomalies --fail --format json > "$COST_STATE.report.json" || code=$?
# An incident report for each new anomaly and for each that waits for a decision, next to the state file, unless it is there:
# one that could not be written is written by the next run. It gets its name when it is complete.
ids() { sed -n "/\"$1\": \\[/,/\\]/s/.*\"\\(an-[0-9a-f]*\\)\".*/\\1/p" "$COST_STATE.report.json"; }
new=$(ids new)
for id in $( (echo "$new"; ids waiting) | sort -u); do
    for kind in svg:svg markdown:md; do
        file="$COST_STATE.$id.${kind#*:}"
        [ -e "$file" ] && continue
        if cost explain "$id" --format "${kind%%:*}" > "$file.writing" && mv "$file.writing" "$file"; then continue; fi
        rm -f "$file.writing"
        echo "no incident report of $id: the next run tries again" >&2
        if echo "$new" | grep -qx "$id"; then code=1; fi
    done
done
[ "$code" -eq 0 ] || [ "$code" -eq 3 ] || echo "cost anomalies failed with code $code" >&2
exit "$code"
