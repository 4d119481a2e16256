#!/bin/sh
# Runs the anomaly job once, for cron and other shells. Exit codes: 0 no new anomaly, 3 a new anomaly, 1 failed.
#
# Set COST_ESTATE (the estate or bill), COST_STATE (the state file of this job), and COST_CONFIG (docs/configuration.md).
set -eu
# Reports contain account IDs and costs: only the owner can read them.
umask 077
: "${COST_ESTATE:?set it to the path of the estate or bill}"
: "${COST_STATE:?set it to the path of the state file}"

code=0
cost anomalies --fail --format json > "$COST_STATE.report.json" || code=$?
case $code in
    0) ;;
    3)
        # An incident report for each new anomaly, next to the state file.
        for id in $(sed -n '/"new": \[/,/\]/s/.*"\(an-[0-9a-f]*\)".*/\1/p' "$COST_STATE.report.json"); do
            cost explain "$id" --format markdown > "$COST_STATE.$id.md"
            cost explain "$id" --format svg > "$COST_STATE.$id.svg"
        done
        ;;
    *) echo "cost anomalies failed with code $code" >&2 ;;
esac
exit $code
