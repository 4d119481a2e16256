#!/bin/sh
# One run of the anomaly job: for cron, and wherever a shell is. Exit codes: 0 nothing new, 3 something new, 1 failed.
#
# Set COST_ESTATE (the estate or bill), COST_STATE (this job's file) and COST_CONFIG (docs/configuration.md).
set -eu
: "${COST_ESTATE:?set it to the estate or the bill}"
: "${COST_STATE:?set it to this job'"'"'s file}"

code=0
cost anomalies --fail --format json > "$COST_STATE.report.json" || code=$?
case $code in
    0) ;;
    3)
        # An incident report for each new anomaly, beside the state.
        for id in $(sed -n '/"new": \[/,/\]/s/.*"\(an-[0-9a-f]*\)".*/\1/p' "$COST_STATE.report.json"); do
            cost explain "$id" --format markdown > "$COST_STATE.$id.md"
            cost explain "$id" --format svg > "$COST_STATE.$id.svg"
        done
        ;;
    *) echo "cost anomalies failed with code $code" >&2 ;;
esac
exit $code
