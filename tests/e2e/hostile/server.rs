//! The hostile server: AWS, webhooks, and mail, in every manner that a server can have.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// What the server does with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Accepts, and never answers.
    Silent,
    /// Sends its header, and then a byte now and then.
    Trickle,
    /// States 5 GB, and sends them.
    Flood,
    /// Sends without end, without a length.
    Endless,
    /// Bytes that are no HTTP.
    Garbage,
    /// States more bytes than it sends.
    Short,
    Throttling,
    Unavailable,
    /// The page of a proxy or a login.
    Html,
    Redirect,
    /// Closes the connection without reading it.
    Cut,
    /// Closes it in the header of the answer.
    CutHead,
    /// Success without content.
    Empty,
    /// Header lines without end.
    Headers,
    /// `100 Continue` without end.
    Continues,
    /// A chunk whose length is no number.
    Chunk,
    /// Success of another content type.
    Json,
    /// XML of 100,000 elements in each other.
    Deep,
    /// XML whose entities would take gigabytes.
    Entities,
    /// A refusal, as AWS words it.
    Denied,
    /// This status, without content.
    Status(u16),
    /// These bytes, and then the end of the connection.
    Says(&'static str),
}

/// Line of an SMTP session (RFC 5321).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Greeting,
    Hello,
    From,
    To,
    Data,
    /// End of the mail.
    Body,
}

/// Which server to start.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Spec {
    /// Behaves at every request.
    Http(Manner),
    /// Answers for the identity and for the regions as AWS does, and behaves at other requests.
    Aws(Manner),
    /// A mail server that behaves as soon as it is connected.
    Mail(Manner),
    /// A mail server that answers one line with this code.
    Smtp(Stage, u16),
}

/// A server of this process.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) port: u16,
    answered: Arc<AtomicUsize>,
    is_healed: Arc<AtomicBool>,
}

impl Server {
    /// Starts the server on a free port of this machine.
    pub(crate) fn start(spec: Spec) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let server = Self { port, answered: Arc::default(), is_healed: Arc::default() };
        let shared = server.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = shared.clone();
                std::thread::spawn(move || server.serve(stream, spec));
            }
        });
        server
    }

    /// From now on, it takes everything that is sent to it.
    pub(crate) fn heal(&self) {
        self.is_healed.store(true, Ordering::SeqCst);
    }

    /// Number of requests, or of mail sessions, that it has answered since the last call.
    pub(crate) fn take_answered(&self) -> usize {
        self.answered.swap(0, Ordering::SeqCst)
    }

    fn serve(&self, stream: TcpStream, spec: Spec) -> Option<()> {
        let is_healed = self.is_healed.load(Ordering::SeqCst);
        match spec {
            Spec::Http(Manner::Cut) | Spec::Aws(Manner::Cut) if !is_healed => Some(()),
            Spec::Http(manner) => {
                let good = Manner::Status(200);
                self.http(stream, if is_healed { good } else { manner }, false)
            }
            Spec::Aws(manner) => self.http(stream, manner, true),
            Spec::Mail(manner) if !is_healed => {
                let mut stream = stream;
                match manner {
                    Manner::Trickle => drip(&mut stream),
                    Manner::Flood | Manner::Endless => flood(&mut stream),
                    _ => behave(&mut stream, manner),
                }
            }
            Spec::Smtp(stage, code) if !is_healed => self.smtp(&stream, Some((stage, code))),
            Spec::Mail(_) | Spec::Smtp(..) => self.smtp(&stream, None),
        }
    }

    fn http(&self, mut stream: TcpStream, manner: Manner, is_aws: bool) -> Option<()> {
        let mut reader = BufReader::new(stream.try_clone().ok()?);
        loop {
            let body = request(&mut reader)?;
            self.answered.fetch_add(1, Ordering::SeqCst);
            let of_aws = [("GetCallerIdentity", IDENTITY), ("DescribeRegions", REGIONS)];
            match of_aws.iter().find(|(action, _)| is_aws && body.contains(action)) {
                Some((_, xml)) => {
                    stream.write_all(answer("200 OK", "text/xml", xml).as_bytes()).ok()?;
                }
                None => return behave(&mut stream, manner),
            }
        }
    }

    /// Takes one mail, but answers one line with another code.
    fn smtp(&self, stream: &TcpStream, wrong: Option<(Stage, u16)>) -> Option<()> {
        let mut reader = BufReader::new(stream.try_clone().ok()?);
        let answer = |stage: Option<Stage>, good: &str| {
            let code = wrong.filter(|(at, _)| Some(*at) == stage).map(|(_, code)| code);
            let text = code.map_or_else(|| format!("{good} fine\r\n"), |c| format!("{c} no\r\n"));
            let mut stream = stream;
            stream.write_all(text.as_bytes()).ok().map(|()| code.is_some())
        };
        self.answered.fetch_add(1, Ordering::SeqCst);
        answer(Some(Stage::Greeting), "220")?;
        loop {
            let line = line(&mut reader)?;
            match line.get(..4).unwrap_or_default().to_uppercase().as_str() {
                "EHLO" | "HELO" => answer(Some(Stage::Hello), "250"),
                "MAIL" => answer(Some(Stage::From), "250"),
                "RCPT" => answer(Some(Stage::To), "250"),
                "DATA" => {
                    if answer(Some(Stage::Data), "354")? {
                        continue;
                    }
                    while self::line(&mut reader)? != "." {}
                    answer(Some(Stage::Body), "250")
                }
                "QUIT" => return answer(None, "221").map(|_| ()),
                _ => answer(None, "250"),
            }?;
        }
    }
}

const IDENTITY: &str = "<GetCallerIdentityResponse><GetCallerIdentityResult>\
<Arn>arn:aws:iam::123456789012:user/me</Arn><UserId>A</UserId><Account>123456789012</Account>\
</GetCallerIdentityResult></GetCallerIdentityResponse>";
const REGIONS: &str = "<DescribeRegionsResponse><regionInfo><item><regionName>eu-west-1</regionName>\
<optInStatus>opted-in</optInStatus></item></regionInfo></DescribeRegionsResponse>";

/// Reads a line without its end; `None` at the end of the connection.
fn line(reader: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    if reader.read_until(b'\n', &mut line).ok()? == 0 {
        return None;
    }
    Some(String::from_utf8_lossy(&line).trim_end().to_owned())
}

/// Reads a request, and returns its body.
fn request(reader: &mut impl BufRead) -> Option<String> {
    let mut length = 0;
    loop {
        let line = line(reader)?.to_ascii_lowercase();
        if let Some(number) = line.strip_prefix("content-length:") {
            length = number.trim().parse().ok()?;
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(String::from_utf8_lossy(&body).into_owned())
}

fn answer(status: &str, kind: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Header of a successful answer, without its end.
const OPEN: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\n";

fn behave(stream: &mut TcpStream, manner: Manner) -> Option<()> {
    let text = match manner {
        Manner::Silent => {
            std::thread::sleep(Duration::from_mins(2));
            return Some(());
        }
        Manner::Trickle => {
            stream.write_all(format!("{OPEN}content-length: 100000\r\n\r\n").as_bytes()).ok()?;
            return drip(stream);
        }
        Manner::Flood => {
            let head = format!("{OPEN}content-length: 5000000000\r\n\r\n");
            stream.write_all(head.as_bytes()).ok()?;
            return flood(stream);
        }
        Manner::Endless => {
            stream.write_all(format!("{OPEN}connection: close\r\n\r\n").as_bytes()).ok()?;
            return flood(stream);
        }
        Manner::Headers => {
            stream.write_all(OPEN.as_bytes()).ok()?;
            return again(stream, "x-more: 0123456789abcdef\r\n");
        }
        Manner::Continues => return again(stream, "HTTP/1.1 100 Continue\r\n\r\n"),
        Manner::Says(text) => text.to_owned(),
        _ => content(manner),
    };
    stream.write_all(text.as_bytes()).ok()
}

/// The answer in a manner that sends one and ends.
fn content(manner: Manner) -> String {
    match manner {
        Manner::Garbage => "\0\u{7f} garbage\r\n".repeat(100),
        Manner::Short => format!("{OPEN}content-length: 1000\r\n\r\n<A>"),
        Manner::Throttling => {
            answer("429 Too Many Requests", "text/xml", &fault("Throttling", "slow"))
        }
        Manner::Denied => {
            answer("403 Forbidden", "text/xml", &fault("AccessDenied", "you may not"))
        }
        Manner::Unavailable => answer("503 Service Unavailable", "text/plain", "later"),
        Manner::Html => answer("200 OK", "text/html", "<html><body>Log in</body></html>"),
        Manner::Json => answer("200 OK", "application/json", "{\"message\": \"hello\"}"),
        Manner::Empty => answer("200 OK", "text/xml", ""),
        Manner::Deep => {
            let depth = 100_000;
            let xml = format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
            answer("200 OK", "text/xml", &xml)
        }
        Manner::Entities => {
            let mut xml = "<!DOCTYPE a [<!ENTITY e0 \"xxxxxxxxxx\">".to_owned();
            for at in 1..10 {
                let inner = format!("&e{};", at - 1).repeat(10);
                xml.push_str(&format!("<!ENTITY e{at} \"{inner}\">"));
            }
            answer("200 OK", "text/xml", &format!("{xml}]><a>&e9;</a>"))
        }
        Manner::Chunk => format!("{OPEN}transfer-encoding: chunked\r\n\r\nzz\r\n<a/>\r\n0\r\n\r\n"),
        Manner::CutHead => OPEN.to_owned(),
        Manner::Redirect => "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\n\
                             content-length: 0\r\n\r\n"
            .to_owned(),
        Manner::Status(status) => format!(
            "HTTP/1.1 {status} x\r\nlocation: https://new.example/T0/other-secret\r\n\
             content-length: 0\r\n\r\n"
        ),
        _ => String::new(),
    }
}

fn fault(code: &str, message: &str) -> String {
    format!(
        "<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    )
}

/// Sends a byte five times a second for two minutes.
fn drip(stream: &mut TcpStream) -> Option<()> {
    for _ in 0..600 {
        stream.write_all(b"2").ok()?;
        std::thread::sleep(Duration::from_millis(200));
    }
    Some(())
}

/// Sends 5 GB without a line end.
fn flood(stream: &mut TcpStream) -> Option<()> {
    let mib = vec![b'x'; 1 << 20];
    for _ in 0..5_000 {
        stream.write_all(&mib).ok()?;
    }
    Some(())
}

/// Sends a text again and again: 100 MB.
fn again(stream: &mut TcpStream, text: &str) -> Option<()> {
    let all = text.repeat(1 << 10);
    for _ in 0..(100_000_000 / all.len()) {
        stream.write_all(all.as_bytes()).ok()?;
    }
    Some(())
}
