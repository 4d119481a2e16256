//! Notices of alerts about troublesome names, as receivers get them: over HTTP, by mail, and in a
//! metrics file.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use super::case::in_parallel;
use super::names::{self, Estate};
use super::text::{Shown, read};
use crate::support::command;

/// Bodies that a receiver took.
type Taken = Arc<Mutex<Vec<Vec<u8>>>>;

/// Starts a receiver on a port of its own: `serve` handles a connection.
fn receiver(
    serve: impl Fn(TcpStream, &Taken) -> std::io::Result<()> + Send + Copy + 'static,
) -> (u16, Taken) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let taken = Taken::default();
    let shared = Arc::clone(&taken);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let taken = Arc::clone(&shared);
            std::thread::spawn(move || serve(stream, &taken));
        }
    });
    (port, taken)
}

fn take(taken: &Taken, body: Vec<u8>) {
    taken.lock().unwrap_or_else(PoisonError::into_inner).push(body);
}

/// Takes a POST request.
fn http(stream: TcpStream, taken: &Taken) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if let Some(number) = line.to_lowercase().strip_prefix("content-length:") {
            length = number.trim().parse().unwrap_or(0);
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    take(taken, body);
    (&stream).write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}

/// Takes mails of one SMTP session (RFC 5321).
fn smtp(stream: TcpStream, taken: &Taken) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let answer = |line: &str| (&stream).write_all(format!("{line}\r\n").as_bytes());
    answer("220 here")?;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        match line.get(..4).unwrap_or_default().to_uppercase().as_str() {
            "DATA" => {
                answer("354 go on")?;
                let mut mail = Vec::new();
                loop {
                    let mut part = Vec::new();
                    reader.read_until(b'\n', &mut part)?;
                    if part == b".\r\n" || part.is_empty() {
                        break;
                    }
                    // Dots at the start of a line are doubled.
                    mail.extend_from_slice(part.strip_prefix(b".").unwrap_or(&part));
                }
                take(taken, mail);
                answer("250 taken")?;
            }
            "QUIT" => return answer("221 bye"),
            _ => answer("250 fine")?,
        }
    }
}

#[test]
fn receivers_see_no_more_than_the_program_means() {
    let estates = Estate::of(&names::all());
    let shown = in_parallel(&estates, notified);
    read(&shown);
    let count = |reader| shown.iter().filter(|s| s.reader == reader).count();
    for reader in ["slack", "teams", "webhook", "mail", "prometheus"] {
        assert!(count(reader) >= estates.len(), "{reader}: {}", count(reader));
    }
}

/// What receivers get of the alerts of an estate.
fn notified(estate: &Estate) -> Vec<Shown> {
    let channels = [("slack", "slack"), ("teams", "teams"), ("webhook", "webhook")];
    let mut config = format!("[metrics]\npath = {}\n", names::toml_text(&estate.path("x.prom")));
    let mut taken = Vec::new();
    for (kind, reader) in channels {
        let (port, bodies) = receiver(http);
        let secret = estate.path(&format!("{kind}.url"));
        fs::write(&secret, format!("http://127.0.0.1:{port}/")).expect("written");
        let url = names::toml_text(&format!("file:{secret}"));
        config
            .push_str(&format!("[[notify]]\nname = \"{kind}\"\nkind = \"{kind}\"\nurl = {url}\n"));
        taken.push((reader, bodies));
    }
    let (port, mails) = receiver(smtp);
    config.push_str(&format!(
        "[[notify]]\nname = \"mail\"\nkind = \"email\"\nhost = \"127.0.0.1\"\nport = {port}\n\
         security = \"none\"\nfrom = \"a@example.com\"\nto = [\"b@example.com\"]\n"
    ));
    taken.push(("mail", mails));
    let path = estate.path("notify.toml");
    fs::write(&path, config).expect("written");
    let (place, state) = (estate.path("estate"), estate.path("state.json"));
    let args = ["anomalies", &place, "--config", &path, "--state", &state, "--lookback", "60"];
    let ran = command(&args).output().expect("the binary runs");
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success() && errors.is_empty(), "{errors}");
    let what = format!("alerts of {:?}", estate.names);
    let metrics = fs::read(estate.path("x.prom")).expect("metrics");
    let bodies = taken.into_iter().flat_map(|(reader, bodies)| {
        let all = std::mem::take(&mut *bodies.lock().unwrap_or_else(PoisonError::into_inner));
        all.into_iter().map(move |text| (reader, text))
    });
    bodies
        .chain([("prometheus", metrics)])
        .map(|(reader, text)| Shown::new(reader, &what, text))
        .collect()
}
