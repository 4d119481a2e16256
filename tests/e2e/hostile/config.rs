//! Configuration files with mistakes: an error is one line, with the place, and never a value,
//! which can be a secret in the wrong place.

use super::case::{Case, Kind, case};
use crate::support::{HEADER, ROW};

/// A secret in the wrong place.
const SECRET: &str = "https://hooks.example/T0/TOPSECRET";

/// Configurations with mistakes; `SECRET` is replaced.
const MISTAKES: [&str; 42] = [
    "[[notify]]\nname = \"a\"\nkind = \"slack\"\nurl = \"SECRET",
    "[[notify]]\nname = \"a\"\nkind = \"slack\"\nurl = 'SECRET",
    "[[notify]]\nname = \"a\"\nkind = \"slack\"\nurl = \"\"\"SECRET",
    "[[notify]]\nname = \"a\"\nkind = \"slack\"\nurl = SECRET",
    "[[notify]]\nname = \"a\"\nkind = \"slack\"\nurl = \"SECRET\"",
    "[[notify]]\nname = \"a\"\nkind = \"SECRET\"\nurl = \"env:X\"",
    "[[notify]]\nname = \"a\"\nkind = \"slack\"\nurl = [\"SECRET\"]",
    "[[notify]]\nname = \"a\"\nkind = \"slack\"\nurl = { env = \"SECRET\" }",
    "[[notify]]\nname = \"a\"\nkind = \"slack\"\nSECRET = \"env:X\"",
    "[[notify]]\nname = \"a\"\nkind = \"slack\"\n\"SECRET\" = \"env:X\"",
    "[[notify]]\nname = \"a\"\nmin_severity = \"SECRET\"\nkind = \"slack\"\nurl = \"env:X\"",
    "[[notify]]\nname = \"a\"\nkind = \"slack\"\nurl = \"env:SECRET\"",
    "[[notify]]\nname = \"a\"\nkind = \"slack\"\nurl = \"env:X\" SECRET",
    "[[notify]]\nname = \"a\"\nkind = \"email\"\nhost = \"h\"\nport = \"SECRET\"\nfrom = \"a@b.c\"\nto = []",
    "[[notify]]\nname = \"a\"\nkind = \"email\"\nhost = \"h\"\nport = 1\nfrom = \"a@b.c\"\nto = \"SECRET\"",
    "[[notify]]\nname = \"a\"\nkind = \"email\"\nhost = \"h\"\nport = 1\nsecurity = \"SECRET\"\nfrom = \"a@b.c\"\nto = []",
    "[[notify]]\nname = \"a\"\nkind = \"email\"\nhost = \"h\"\nport = 1\nfrom = \"a@b.c\"\nto = []\npassword = \"SECRET\"",
    "[[notify]]\nname = \"a\"\nkind = \"webhook\"\nurl = \"env:X\"\nsecret = \"SECRET\"",
    "[[notify]]\nname = \"a\"\nkind = \"webhook\"\nurl = \"env:X\"\nsecret = \"whsec_SECRET",
    "[[notify]]\nname = \"a\"\nkind = \"teams\"\nurl = \"\\SECRET\"",
    "[retry]\ntries = \"SECRET\"",
    "[retry]\ntries = [\"SECRET\"]",
    "[retry]\n\"SECRET\" = 1",
    "[retry]\ntimeout_ms = 'SECRET'",
    "[\"SECRET\"]\nx = 1",
    "[metrics]\npath = [\"SECRET\"]",
    "[metrics]\npath = \"x\"\ntoken = \"SECRET\"\ntoken = \"SECRET\"",
    "metrics = \"SECRET\"",
    "notify = \"SECRET\"",
    "retry = \"SECRET\"",
    "anomalies = \"SECRET\"",
    "savings = \"SECRET\"",
    "SECRET",
    "\"SECRET\"",
    "\"SECRET\" = \"SECRET\"",
    "# SECRET\n[retry\n",
    "[currency]\nreport = \"SECRET\"",
    "[currency]\nrates = [\"SECRET\"]",
    "[anomalies.thresholds]\nfloor = \"SECRET\"",
    "[[anomalies.events]]\nname = \"a\"\nfirst_day = \"SECRET\"\nlast_day = 2026-01-01",
    "[[commitments.spend]]\nname = \"a\"\namount = \"SECRET\"",
    "[savings.checks.idle_instance]\nx = \"SECRET\"",
];

pub(super) fn cases() -> Vec<Case> {
    let bill = format!("{HEADER}\n{ROW}\n");
    let args = ["review", "{}/bill.csv", "--config", "{}/cost.toml"];
    let of = |name: &str, content: &[u8]| {
        case(Kind::Config, name, &args, &[1])
            .file("bill.csv", bill.clone())
            .file("cost.toml", content)
    };
    let mistakes = MISTAKES.iter().map(|text| {
        of(text, text.replace("SECRET", SECRET).as_bytes()).hides("TOPSECRET").shows("cost.toml")
    });
    let odd: [(&str, Vec<u8>); 8] = [
        ("not UTF-8", b"[retry]\ntries = \xff\n".to_vec()),
        ("UTF-16", "[retry]\n".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("NUL", b"[retry]\0".to_vec()),
        ("deep", "[".repeat(100_000).into_bytes()),
        ("deep value", format!("x = {}", "[".repeat(100_000)).into_bytes()),
        ("control characters", b"[retry]\n\x1b[31m = 1".to_vec()),
        ("long key", format!("{} = 1", "x".repeat(100_000)).into_bytes()),
        ("number too large", b"[retry]\ntries = 99999999999999999999".to_vec()),
    ];
    let odd = odd.iter().map(|(name, content)| of(name, content));
    mistakes.chain(odd).collect()
}
