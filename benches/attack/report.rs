//! The table that is printed, in Markdown.

use std::time::Duration;

use crate::{attacks::Seen, honest::Measured, server::Memory};

/// What became of one attack.
pub struct Row {
    pub database: &'static str,
    pub attack: &'static str,
    pub before: Measured,
    pub during: Measured,
    pub tally: Seen,
    pub at_rest: Memory,
    pub settled: Memory,
    /// Whether the server lived to the end and stopped cleanly.
    pub is_alive: bool,
}

pub fn head(settle: u64) {
    println!(
        "| attack | database | honest median before | during | ratio | honest requests failed | attacker answered / refused / broken \
         | memory before | highest | {settle} s later |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
}

impl Row {
    pub fn print(&self) {
        let (before, during) = (self.before.median(), self.during.median());
        let ratio = match (before, during) {
            (Some(before), Some(during)) => format!("{:.1}", during.as_secs_f64() / before.as_secs_f64()),
            _ => "–".to_owned(),
        };
        let dead = if self.is_alive { "" } else { ", the server ended badly" };
        println!(
            "| {} | {} | {} | {} | {ratio} | {} | {} / {} / {} | {} | {} | {}{dead} |",
            self.attack,
            self.database,
            milliseconds(before),
            milliseconds(during),
            failures(&self.before, &self.during),
            self.tally.answered,
            self.tally.refused,
            self.tally.broken,
            megabytes(self.at_rest.now),
            megabytes(self.settled.highest),
            megabytes(self.settled.now),
        );
    }
}

/// How many failed during the attack, of how many, and how; failures of before it are named, because there should be none.
fn failures(before: &Measured, during: &Measured) -> String {
    let mut told = format!("{} of {}", during.failed(), during.asked());
    if !during.reasons.is_empty() {
        let reasons: Vec<String> = during.reasons.iter().map(|(reason, count)| format!("{count} × {reason}")).collect();
        told = format!("{told} ({})", reasons.join(", "));
    }
    if before.failed() > 0 {
        told = format!("{told}; before: {} of {} {:?}", before.failed(), before.asked(), before.reasons);
    }
    told
}

fn milliseconds(time: Option<Duration>) -> String {
    time.map_or_else(|| "–".to_owned(), |time| format!("{:.0} ms", time.as_secs_f64() * 1000.0))
}

fn megabytes(kilobytes: Option<u64>) -> String {
    kilobytes.map_or_else(|| "–".to_owned(), |kilobytes| format!("{} MB", kilobytes / 1024))
}
