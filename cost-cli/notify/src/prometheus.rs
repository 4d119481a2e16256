//! Metrics file for the Prometheus node exporter (textfile collector). Source: Prometheus,
//! "Exposition formats", text format 0.0.4.

use std::path::Path;

use cost_core::alert::{Ledger, Status};
use cost_core::anomaly::Severity;
use cost_core::text::terminal_text;

/// Severities, from low to critical.
const SEVERITIES: [Severity; 4] =
    [Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

/// Writes metrics of the open alerts of a ledger. Replaces the file at `path`. A new file is
/// readable for its owner only; a former one keeps its owner and mode.
///
/// # Errors
/// Returns an error if the file cannot be written.
pub fn write_metrics(path: &Path, ledger: &Ledger) -> std::io::Result<()> {
    cost_core::file::replace_private(path, &text(ledger))
}

fn text(ledger: &Ledger) -> String {
    let open: Vec<_> = ledger.alerts.iter().filter(|a| a.status == Status::Open).collect();
    let mut out = "# HELP cost_anomalies_open Open cost anomalies by severity.\n\
                   # TYPE cost_anomalies_open gauge\n"
        .to_owned();
    for severity in SEVERITIES {
        let count = open.iter().filter(|a| a.anomaly.severity == severity).count();
        out.push_str(&format!(
            "cost_anomalies_open{{severity=\"{}\"}} {count}\n",
            severity.as_str()
        ));
    }
    out.push_str(
        "# HELP cost_anomaly_excess Actual minus expected cost of an open anomaly so far, in the currency of its label.\n\
         # TYPE cost_anomaly_excess gauge\n",
    );
    for alert in &open {
        let s = &alert.anomaly;
        let place = [
            ("id", alert.id.as_str()),
            ("severity", s.severity.as_str()),
            ("kind", s.kind.as_str()),
            ("sub_account_id", s.scope.sub_account_id.as_deref().unwrap_or("")),
            ("service_name", s.scope.service_name.as_deref().unwrap_or("")),
            ("currency", s.excess.currency().as_str()),
        ]
        .map(|(name, value)| format!("{name}=\"{}\"", escape(value)));
        out.push_str(&format!(
            "cost_anomaly_excess{{{}}} {}\n",
            place.join(","),
            s.excess.amount()
        ));
    }
    let waiting: usize = ledger.alerts.iter().map(|a| a.outbox.len()).sum();
    out.push_str(
        "# HELP cost_notices_waiting Notices that are not delivered yet.\n\
         # TYPE cost_notices_waiting gauge\n",
    );
    out.push_str(&format!("cost_notices_waiting {waiting}\n"));
    let refused: usize = ledger.alerts.iter().map(|a| a.refused.len()).sum();
    out.push_str(
        "# HELP cost_notices_refused Notices that their channel refused for good.\n\
         # TYPE cost_notices_refused gauge\n",
    );
    out.push_str(&format!("cost_notices_refused {refused}\n"));
    if let Some(seen) = ledger.seen_until.and_then(|day| day.and_hms_opt(0, 0, 0)) {
        out.push_str(
            "# HELP cost_data_until_timestamp_seconds Days before this time have been scanned for anomalies.\n\
             # TYPE cost_data_until_timestamp_seconds gauge\n",
        );
        out.push_str(&format!(
            "cost_data_until_timestamp_seconds {}\n",
            seen.and_utc().timestamp()
        ));
    }
    out
}

/// Escapes a label value: control and invisible characters by their code, then backslash and quote.
fn escape(value: &str) -> String {
    terminal_text(value).replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    #[test]
    fn labels_hold_no_control() {
        assert_eq!(super::escape("a\u{1b}\n\u{202e}\"b\\"), r#"a\\u{1b}\\u{a}\\u{202e}\"b\\"#);
    }
}
