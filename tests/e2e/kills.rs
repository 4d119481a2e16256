//! Kills at random moments: after each, what is stored is complete, and in the end, the next run
//! has lost nothing and doubled nothing. One row per store: the command, how to check what a killed
//! run leaves, and what must be there in the end.
//!
//! `COST_TEST_KILLS` is the number of kills (default: 200 over all stores), and `COST_TEST_SEED`
//! the seed of their moments, which a failure prints.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::jobs::{Job, Receiver, webhook};
use crate::support::{HEADER, command, cost};

/// What went wrong, in words.
type Checked = Result<(), String>;

/// Something that is stored, and a command that changes it.
trait Store {
    /// The command of a turn.
    fn command(&self, turn: u32) -> Command;
    /// Starts anew, so that each step of the command is killed at some time.
    fn anew(&self);
    /// What must hold after each kill of the command of a turn.
    fn holds(&self, turn: u32) -> Checked;
    /// Runs the command of a turn to its end, and checks that nothing is lost or doubled.
    fn recovers(&self, turn: u32) -> Checked;
}

/// Makes a store.
type New = fn() -> Box<dyn Store>;

/// Turns after which a store starts anew.
const ROUND: u32 = 10;
const KILLS: u32 = 200;
const SEED: u64 = 20_261_127;

fn setting<T: std::str::FromStr>(name: &str, default: T) -> T {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Random numbers (`SplitMix64`; Steele, Lea, Flood, OOPSLA 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }
}

/// Processes that a process has started, and those that they have started.
fn descendants(id: u32) -> Vec<u32> {
    let path = format!("/proc/{id}/task/{id}/children");
    let text = fs::read_to_string(path).unwrap_or_default();
    let own: Vec<u32> = text.split_whitespace().filter_map(|t| t.parse().ok()).collect();
    own.iter().flat_map(|id| descendants(*id)).chain(own.iter().copied()).collect()
}

fn is_running(id: u32) -> bool {
    let state = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    state.rsplit(')').next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with(" Z"))
}

/// Kills a run: its first process, as a user does, those that it has started, as the system does
/// when memory runs out, or all, as a container does. Waits until none is left. Returns whether it
/// still ran.
fn kill(mut run: Child, random: &mut Random) -> bool {
    let others = descendants(run.id());
    let is_alive = run.try_wait().expect("it is ours").is_none();
    let (first, rest) =
        [(true, false), (false, true), (true, true)][usize::try_from(random.below(3)).unwrap_or(0)];
    if rest && !others.is_empty() {
        let ids = others.iter().map(u32::to_string);
        // Some may have ended by themselves.
        let _ = Command::new("kill").arg("-KILL").args(ids).stderr(Stdio::null()).status();
    }
    if first || others.is_empty() {
        run.kill().expect("it can be killed");
    }
    run.wait().expect("it ends");
    let start = Instant::now();
    while others.iter().any(|id| is_running(*id)) {
        assert!(start.elapsed() < Duration::from_secs(20), "a process stays behind");
        std::thread::sleep(Duration::from_millis(2));
    }
    is_alive
}

fn spawn(mut command: Command) -> Child {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs")
}

/// Kills the command of a store at moments spread over its running time. Returns how many runs were
/// killed before their end.
fn kills(store: &dyn Store, kills: u32, random: &mut Random) -> Result<u32, String> {
    store.anew();
    let start = Instant::now();
    spawn(store.command(0)).wait().expect("it ends");
    let mut time = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
    let mut killed = 0;
    for turn in 0..kills {
        if turn % ROUND == 0 {
            store.anew();
        }
        let moment = Duration::from_micros(random.below(time));
        let run = spawn(store.command(turn));
        std::thread::sleep(moment);
        // How long a run takes varies with what else the machine does.
        if kill(run, random) {
            killed += 1;
            time += time / 20;
        } else {
            time -= time / 10;
        }
        store.holds(turn).map_err(|e| format!("kill {turn}, after {moment:?}: {e}"))?;
        if turn % ROUND == ROUND - 1 || turn + 1 == kills {
            store.recovers(turn).map_err(|e| format!("after kill {turn}: {e}"))?;
        }
    }
    Ok(killed)
}

#[test]
fn a_kill_at_any_moment_loses_and_doubles_nothing() {
    let (count, seed) = (setting("COST_TEST_KILLS", KILLS), setting("COST_TEST_SEED", SEED));
    // Each with its part of the kills: a pull from AWS takes longest.
    let stores: Vec<(&str, u32, New)> = vec![
        ("alerts and notices", 3, || Box::new(Alerts::new())),
        ("decisions on alerts", 3, || Box::new(Acks::new())),
        ("savings and decisions", 3, || Box::new(Savings::new())),
        ("decisions on savings", 3, || Box::new(Decisions::new())),
        ("an estate", 3, || Box::new(Pulls::new())),
        ("a new estate", 3, || Box::new(FirstPulls::new())),
        #[cfg(feature = "aws")]
        ("an estate from AWS", 2, || Box::new(AwsPulls::new())),
    ];
    let parts: u32 = stores.iter().map(|(_, part, _)| part).sum();
    let problems: Vec<String> = std::thread::scope(|scope| {
        let runs: Vec<_> = stores
            .iter()
            .zip(1..)
            .map(|((name, part, new), number)| {
                scope.spawn(move || {
                    let each = (count * part).div_ceil(parts);
                    let killed = kills(new().as_ref(), each, &mut Random(seed ^ number))
                        .map_err(|problem| format!("{name}: {problem}"))?;
                    if killed < each / 3 {
                        return Err(format!("{name}: only {killed} of {each} runs were killed"));
                    }
                    println!("{name}: {each} kills, {killed} before the end of the run");
                    Ok(())
                })
            })
            .collect();
        runs.into_iter().filter_map(|run| run.join().expect("no panic").err()).collect()
    });
    assert!(problems.is_empty(), "COST_TEST_SEED={seed} COST_TEST_KILLS={count}: {problems:#?}");
}

fn json_of(path: &Path) -> Result<Value, String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    serde_json::from_str(&text)
        .map_err(|e| format!("{} is half-written: {e}: {text}", path.display()))
}

fn check(holds: bool, problem: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(problem()) }
}

/// What no run may leave when it has ended by itself.
fn nothing_is_left(folder: &Path) -> Checked {
    let all = fs::read_dir(folder).map_err(|e| e.to_string())?.flatten();
    let names = all.map(|e| e.file_name().to_string_lossy().into_owned());
    let left: Vec<String> =
        names.filter(|n| n.ends_with("lock") || n.ends_with(".writing")).collect();
    check(left.is_empty(), || format!("left over: {left:?}"))
}

/// Runs a command, which must end with one of these codes.
fn run(mut command: Command, codes: &[i32]) -> Result<crate::support::Ran, String> {
    let ran = crate::support::ran(command.output().expect("it runs"));
    check(codes.contains(&ran.code), || format!("code {}: {}", ran.code, ran.stderr)).map(|()| ran)
}

/// A scheduled job with four anomalies, a receiver, and a metrics file.
struct Alerts {
    job: Job,
    receiver: Receiver,
    metrics: PathBuf,
    _folder: TempDir,
}

impl Alerts {
    fn new() -> Self {
        let (receiver, folder) = (Receiver::start(), tempfile::tempdir().expect("a folder"));
        let metrics = folder.path().join("cost.prom");
        let config =
            format!("{}[metrics]\npath = \"{}\"\n", webhook(&receiver.url), metrics.display());
        let rising = ["a", "b", "c", "d"].map(|s| (s, 10, 12));
        let quiet = ["e", "f", "g", "h", "i", "j"].map(|s| (s, 0, 0));
        let job = Job::with(&config, &[rising.as_slice(), quiet.as_slice()].concat());
        Self { job, receiver, metrics, _folder: folder }
    }

    fn alerts(&self) -> Result<Vec<Value>, String> {
        let path = PathBuf::from(self.job.path("state.json"));
        if !path.exists() {
            return Ok(Vec::new());
        }
        Ok(json_of(&path)?["alerts"].as_array().cloned().unwrap_or_default())
    }
}

impl Store for Alerts {
    fn command(&self, _: u32) -> Command {
        let args = self.job.args("2026-03-11");
        command(&args.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn anew(&self) {
        let _ = fs::remove_file(self.job.path("state.json"));
        let _ = fs::remove_file(&self.metrics);
        self.receiver.forget();
    }

    fn holds(&self, _: u32) -> Checked {
        let alerts = self.alerts()?;
        let ids: BTreeSet<&str> = alerts.iter().filter_map(|a| a["id"].as_str()).collect();
        check(ids.len() == alerts.len(), || format!("raised twice: {alerts:?}"))?;
        let metrics = fs::read_to_string(&self.metrics).unwrap_or_default();
        check(metrics.is_empty() || metrics.ends_with('\n'), || format!("cut: {metrics}"))?;
        // What the ledger counts as delivered was delivered.
        let sent = self.receiver.bodies().len();
        let waiting: usize =
            alerts.iter().filter_map(|a| a["outbox"].as_array()).map(Vec::len).sum();
        check(alerts.len() <= waiting + sent, || {
            format!("{waiting} wait, {sent} were sent: {alerts:?}")
        })
    }

    fn recovers(&self, _: u32) -> Checked {
        run(self.command(0), &[0, 3])?;
        let alerts = self.alerts()?;
        let is_sent = alerts.iter().all(|a| a["outbox"].as_array().is_some_and(Vec::is_empty));
        check(alerts.len() == 4 && is_sent, || format!("not delivered: {alerts:?}"))?;
        let mut notified = BTreeMap::<String, u32>::new();
        for event in self.receiver.bodies() {
            *notified.entry(event["id"].to_string()).or_default() += 1;
        }
        // A notice whose delivery was not recorded is sent again, with the same ID.
        check(notified.len() == 4, || format!("notices: {notified:?}"))?;
        nothing_is_left(Path::new(&self.job.path("")))
    }
}

/// Acknowledgments of an alert, each with another note.
struct Acks {
    job: Job,
    first: String,
    id: String,
}

impl Acks {
    fn new() -> Self {
        let job = Job::new("");
        job.run("2026-03-11");
        let first = fs::read_to_string(job.path("state.json")).expect("a state");
        let id = job.ledger()["alerts"][0]["id"].as_str().expect("an ID").to_owned();
        Self { job, first, id }
    }

    fn note(&self) -> Result<String, String> {
        let state = json_of(Path::new(&self.job.path("state.json")))?;
        let alerts = state["alerts"].as_array().map_or(0, Vec::len);
        check(alerts == 1, || format!("the alert is lost: {state}"))?;
        Ok(state["alerts"][0]["decision"]["note"].as_str().unwrap_or_default().to_owned())
    }
}

impl Store for Acks {
    fn command(&self, turn: u32) -> Command {
        let (state, note) = (self.job.path("state.json"), turn.to_string());
        command(&["anomalies", "ack", &self.id, "--state", &state, "--note", &note])
    }

    fn anew(&self) {
        fs::write(self.job.path("state.json"), &self.first).expect("written");
    }

    fn holds(&self, turn: u32) -> Checked {
        let note = self.note()?;
        let is_of_round = |n: u32| n <= turn && n >= turn - turn % ROUND;
        check(note.is_empty() || note.parse().is_ok_and(is_of_round), || format!("note {note}"))
    }

    fn recovers(&self, turn: u32) -> Checked {
        run(self.command(turn), &[0])?;
        let note = self.note()?;
        check(note == turn.to_string(), || format!("note {note}"))?;
        nothing_is_left(Path::new(&self.job.path("")))
    }
}

/// A folder with a bill of eight volumes, each with a saving, and a file of decisions.
pub(crate) struct Volumes(TempDir);

/// Number of volumes.
pub(crate) const VOLUMES: usize = 8;

impl Volumes {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut text = format!("{HEADER},ResourceId,SkuMeter,PricingCategory\n");
        for volume in 0..VOLUMES {
            text.push_str(&format!(
                "100,100,100,100,1000,GB-Mo,2026-08-01T00:00:00Z,2026-09-01T00:00:00Z,2026-08-01T00:00:00Z,\
                 2026-09-01T00:00:00Z,USD,Usage,,b1,AWS,Amazon Elastic Compute Cloud,AWS,111122223333,\
                 us-east-1,{{}},vol-{volume},EBS:VolumeUsage.gp2,Standard\n"
            ));
        }
        fs::write(folder.path().join("bill.csv"), text).expect("written");
        Self(folder)
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_string_lossy().into_owned()
    }

    pub(crate) fn command(&self) -> Command {
        command(&["savings", &self.path("bill.csv"), "--decisions", &self.path("decisions.json")])
    }

    /// IDs of all recommendations in the file of decisions, each with its decision.
    pub(crate) fn decided(&self) -> Result<BTreeMap<String, Value>, String> {
        let path = PathBuf::from(self.path("decisions.json"));
        if !path.exists() {
            return Ok(BTreeMap::new());
        }
        let ledger = json_of(&path)?;
        let all = ledger["recommendations"].as_object().cloned().unwrap_or_default();
        Ok(all.into_iter().map(|(id, tracked)| (id, tracked["decision"].clone())).collect())
    }
}

/// Runs that store what they find.
struct Savings(Volumes);

impl Savings {
    fn new() -> Self {
        Self(Volumes::new())
    }
}

impl Store for Savings {
    fn command(&self, _: u32) -> Command {
        self.0.command()
    }

    fn anew(&self) {
        let _ = fs::remove_file(self.0.path("decisions.json"));
    }

    fn holds(&self, _: u32) -> Checked {
        let count = self.0.decided()?.len();
        check(count == 0 || count == VOLUMES, || format!("{count} recommendations"))
    }

    fn recovers(&self, _: u32) -> Checked {
        run(self.0.command(), &[0])?;
        let count = self.0.decided()?.len();
        check(count == VOLUMES, || format!("{count} recommendations"))?;
        nothing_is_left(self.0.0.path())
    }
}

/// Decisions on one of the recommendations after the other.
struct Decisions {
    volumes: Volumes,
    first: String,
    ids: Vec<String>,
}

impl Decisions {
    fn new() -> Self {
        let volumes = Volumes::new();
        run(volumes.command(), &[0]).expect("it runs");
        let first = fs::read_to_string(volumes.path("decisions.json")).expect("a file");
        let ids = volumes.decided().expect("decisions").into_keys().collect();
        Self { volumes, first, ids }
    }

    fn id(&self, turn: u32) -> &str {
        let at = usize::try_from(turn).unwrap_or(0) % self.ids.len();
        &self.ids[at]
    }
}

impl Store for Decisions {
    fn command(&self, turn: u32) -> Command {
        let file = self.volumes.path("decisions.json");
        let note = turn.to_string();
        command(&["savings", "accept", self.id(turn), "--decisions", &file, "--note", &note])
    }

    fn anew(&self) {
        fs::write(self.volumes.path("decisions.json"), &self.first).expect("written");
    }

    fn holds(&self, _: u32) -> Checked {
        let count = self.volumes.decided()?.len();
        check(count == VOLUMES, || format!("{count} recommendations"))
    }

    fn recovers(&self, turn: u32) -> Checked {
        // Those that were killed are made again; none of the others is lost.
        for again in turn - turn % ROUND..=turn {
            run(self.command(again), &[0])?;
        }
        let made = usize::try_from(turn % ROUND + 1).unwrap_or(0).min(VOLUMES);
        let decided = self.volumes.decided()?;
        let count = decided.values().filter(|decision| !decision.is_null()).count();
        check(count == made, || format!("{count} decisions instead of {made}: {decided:?}"))?;
        nothing_is_left(self.volumes.0.path())
    }
}

/// Bills of 1 and of 2 USD, and an estate that changes from one to the other.
pub(crate) struct Estates(TempDir);

impl Estates {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, cost) in [("one.csv", 1), ("two.csv", 2)] {
            let mut text = format!("{HEADER}\n");
            for day in 1..=20 {
                text.push_str(&format!(
                    "{cost},{cost},{cost},{cost},1,Hours,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,\
                     2026-01-{day:02}T00:00:00Z,2026-01-{:02}T00:00:00Z,USD,Usage,,b1,AWS,EC2,AWS Inc,a1,us-east-1,{{}}\n",
                    day + 1
                ));
            }
            fs::write(folder.path().join(name), text).expect("written");
        }
        Self(folder)
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_string_lossy().into_owned()
    }

    fn bill(&self, turn: u32) -> String {
        self.path(if turn.is_multiple_of(2) { "two.csv" } else { "one.csv" })
    }

    pub(crate) fn pull(&self, turn: u32) -> Command {
        let bill = self.bill(turn);
        command(&["pull", "files", &bill, "--into", &self.path("estate"), "--as-of", "2026-02-01"])
    }

    /// Billed cost of the estate, by a review.
    pub(crate) fn total(&self) -> Result<String, String> {
        let ran = cost(&["review", &self.path("estate"), "--format", "json"]);
        let review: Value = serde_json::from_str(&ran.stdout)
            .map_err(|e| format!("no review: {e}: {}", ran.stderr))?;
        let amount = review["totals"]["billed"]["this_month"]["amount"].as_str();
        amount.map(str::to_owned).ok_or_else(|| "no total".to_owned())
    }

    /// The total after a pull.
    pub(crate) fn wanted(turn: u32) -> &'static str {
        if turn.is_multiple_of(2) { "40" } else { "20" }
    }
}

/// Pulls that replace an estate, in which there is also a file of somebody else.
struct Pulls(Estates);

impl Pulls {
    fn new() -> Self {
        let estates = Estates::new();
        run(estates.pull(1), &[0]).expect("it runs");
        fs::write(estates.path("estate/notes.md"), "mine").expect("written");
        Self(estates)
    }
}

impl Store for Pulls {
    fn command(&self, turn: u32) -> Command {
        self.0.pull(turn)
    }

    fn anew(&self) {}

    fn holds(&self, _: u32) -> Checked {
        let total = self.0.total()?;
        check(["20", "40"].contains(&total.as_str()), || format!("a total of {total}"))
    }

    fn recovers(&self, turn: u32) -> Checked {
        run(self.command(turn), &[0])?;
        let total = self.0.total()?;
        check(total == Estates::wanted(turn), || format!("a total of {total}"))?;
        let notes = fs::read_to_string(self.0.path("estate/notes.md")).unwrap_or_default();
        check(notes == "mine", || "the file of somebody else is lost".to_owned())?;
        nothing_is_left(self.0.0.path())
    }
}

/// Pulls into a folder that does not exist yet.
struct FirstPulls(Estates);

impl FirstPulls {
    fn new() -> Self {
        Self(Estates::new())
    }
}

impl Store for FirstPulls {
    fn command(&self, _: u32) -> Command {
        self.0.pull(0)
    }

    fn anew(&self) {}

    fn holds(&self, _: u32) -> Checked {
        if Path::new(&self.0.path("estate")).exists() {
            let total = self.0.total()?;
            check(total == "40", || format!("a total of {total}"))?;
            fs::remove_dir_all(self.0.path("estate")).expect("removed");
        }
        Ok(())
    }

    fn recovers(&self, turn: u32) -> Checked {
        run(self.command(turn), &[0])?;
        nothing_is_left(self.0.0.path())?;
        self.holds(turn)
    }
}

/// Pulls from an account whose every service refuses, with a bill from a file.
#[cfg(feature = "aws")]
struct AwsPulls {
    estates: Estates,
    server: crate::hostile::server::Server,
}

#[cfg(feature = "aws")]
impl AwsPulls {
    fn new() -> Self {
        use crate::hostile::server::{Manner, Server, Spec};
        let server = Server::start(Spec::Aws(Manner::Denied));
        let store = Self { estates: Estates::new(), server };
        run(store.command(1), &[0]).expect("it runs");
        fs::write(store.estates.path("estate/notes.md"), "mine").expect("written");
        store
    }
}

#[cfg(feature = "aws")]
impl Store for AwsPulls {
    fn command(&self, turn: u32) -> Command {
        let (bill, into) = (self.estates.bill(turn), self.estates.path("estate"));
        let args = ["pull", "aws", "--into", &into, "--reports", &bill, "--as-of", "2026-02-01"];
        crate::hostile::aws(self.server.port, &args)
    }

    fn anew(&self) {}

    fn holds(&self, _: u32) -> Checked {
        let total = self.estates.total()?;
        check(["20", "40"].contains(&total.as_str()), || format!("a total of {total}"))
    }

    fn recovers(&self, turn: u32) -> Checked {
        run(self.command(turn), &[0])?;
        let total = self.estates.total()?;
        check(total == Estates::wanted(turn), || format!("a total of {total}"))?;
        let notes = fs::read_to_string(self.estates.path("estate/notes.md")).unwrap_or_default();
        check(notes == "mine", || "the file of somebody else is lost".to_owned())?;
        nothing_is_left(self.estates.0.path())
    }
}
