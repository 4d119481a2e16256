mod corpus;
mod inject;
mod methods;

use std::collections::BTreeMap;

use cost_core::anomaly::Calendar;
use inject::*;

#[derive(Default, Clone)]
struct Score { events: usize, hit: usize, false_alarms: usize, days: usize, delay: Vec<usize> }
impl Score {
    fn add(&mut self, case: &Case, raised: &[usize]) {
        let (from, to) = case.scored;
        let mut raised: Vec<usize> = raised.iter().copied().filter(|r| (from..to).contains(r)).collect();
        self.days += to - from;
        if let Some((a, b)) = case.event {
            self.events += 1;
            if let Some(p) = raised.iter().position(|r| (a..=b).contains(r)) {
                self.hit += 1;
                self.delay.push(raised[p] - a);
                raised.remove(p);
            }
        }
        self.false_alarms += raised.len();
    }
    fn merge(&mut self, o: &Score) { self.events += o.events; self.hit += o.hit; self.false_alarms += o.false_alarms; self.days += o.days; self.delay.extend(&o.delay); }
    fn recall(&self) -> f64 { self.hit as f64 / self.events.max(1) as f64 }
    fn precision(&self) -> f64 { self.hit as f64 / (self.hit + self.false_alarms).max(1) as f64 }
    fn f1(&self) -> f64 { let (p, r) = (self.precision(), self.recall()); if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) } }
    fn far(&self) -> f64 { self.false_alarms as f64 / (self.days as f64 / 30.44) }
}

fn main() {
    let text = std::fs::read_to_string("/work/main/datasets/series/daily.csv").unwrap();
    let bases = corpus::load(&text);
    let half = std::env::args().nth(1).unwrap_or("dev".into());
    let verbose = std::env::args().nth(2).is_some();
    let long: Vec<_> = bases.iter().filter(|b| b.is_long()).enumerate().filter(|(i, _)| (i % 2 == 0) == (half == "dev")).map(|(_, b)| b).collect();
    println!("{} series, noise {:?}", long.len(), long.iter().map(|b| (b.noise * 100.0).round()).collect::<Vec<_>>());
    for m in methods::METHODS { if std::env::var("TUNE").is_ok() && m.name != "cost" { continue }
        let mut by: BTreeMap<(Kind, u32), Score> = BTreeMap::new();
        let mut traps: BTreeMap<Trap, Score> = BTreeMap::new();
        let mut clean: BTreeMap<String, Score> = BTreeMap::new();
        let mut noisefree = (Score::default(), Score::default());
        for b in &long {
            let cal = Calendar::new(b.first, b.costs.len());
            for k in KINDS { for s in SIZES { for draw in 0..3 {
                let c = event(b, k, s, draw);
                let r = (m.run)(&c, &cal); let ev = c.event.unwrap(); if verbose && m.name == "cost" && f64::from(s) / 100.0 >= 3.0 * b.noise && s>=50 { let far: Vec<_> = r.iter().filter(|r| (c.scored.0..c.scored.1).contains(r) && !(ev.0..=ev.1).contains(r)).map(|r| cal.day(*r).to_string()).collect(); let hit = r.iter().any(|r| (ev.0..=ev.1).contains(r)); if !hit || !far.is_empty() { println!("   ev {k:?} {s} {} {}..{} hit {hit} false {far:?}", b.name, cal.day(ev.0), cal.day(ev.1)); } }
                by.entry((k, s)).or_default().add(&c, &r);
                if f64::from(s) / 100.0 >= 3.0 * b.noise { noisefree.0.add(&c, &r); if s >= 50 { noisefree.1.add(&c, &r); } }
            } } }
            for t in TRAPS { let c = trap(b, t); traps.entry(t).or_default().add(&c, &(m.run)(&c, &cal)); }
            if verbose && m.name == "cost" { for t in [Trap::MonthStart, Trap::Holiday, Trap::Credit] { let c = trap(b, t); let r = (m.run)(&c, &cal); let u=(m.run)(&untouched(b), &cal); println!("   {t:?} {} {}: {:?}", b.source, b.name, r.iter().filter(|r| **r >= 91 && !u.contains(r)).map(|r| cal.day(*r).to_string()).collect::<Vec<_>>()); } }
            let c = untouched(b);
            let r = (m.run)(&c, &cal);
            if verbose && m.name == "cost" { println!("   clean {} {}: {:?}", b.source, b.name, r.iter().filter(|r| **r >= 91).map(|r| cal.day(*r).to_string()).collect::<Vec<_>>()); }
            clean.entry(b.source.clone()).or_default().add(&c, &r);
        }
        println!("== {}", m.name);
        for k in KINDS {
            print!("{k:?}:");
            for s in SIZES { let x = &by[&(k, s)]; let mut d = x.delay.clone(); d.sort(); print!("  {s}: r {:.2} far {:.3} delay {}/{}", x.recall(), x.far(), d.get(d.len() / 2).copied().unwrap_or(99), d.get(d.len() * 9 / 10).copied().unwrap_or(99)); }
            println!();
        }
        let mut all = Score::default(); let mut big = Score::default();
        for ((_, s), x) in &by { all.merge(x); if *s >= 50 { big.merge(x); } }
        let mut cl = Score::default(); clean.values().for_each(|x| cl.merge(x));
        for (n, x) in [("all", &all), (">=50", &big), ("noise ok all", &noisefree.0), ("noise ok >=50", &noisefree.1)] { println!("{n}: P {:.3} R {:.3} F1 {:.3} far {:.3}", x.precision(), x.recall(), x.f1(), x.far()); }
        println!("clean far {:.3} {:?}", cl.far(), clean.iter().map(|(k, v)| format!("{k} {:.3}", v.far())).collect::<Vec<_>>());
        println!("traps {:?}", traps.iter().map(|(k, v)| format!("{k:?} {:.3}/{}", v.false_alarms as f64 / long.len() as f64, v.days / long.len())).collect::<Vec<_>>());
    }
}
