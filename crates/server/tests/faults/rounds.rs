//! Rounds: keys are made, all nodes are asked about them without pause, and each is ended through one of the nodes.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{
    ending::Ending,
    fleet::{Fleet, Key, NODES},
    tally::{End, PROMISE, Tally},
    watch::Watch,
};

/// After the ends, nodes are asked until nobody has called a key good for so long.
const QUIET: Duration = Duration::from_millis(400);
/// Or, when they do not cease to, for so long.
const LIMIT: Duration = Duration::from_secs(3);
/// One in so many keys is watched for longer than the promise.
const WATCHED_FOR_LONG: usize = 4 * Ending::ALL.len();

/// How a scenario's rounds go.
pub struct Rounds<'a> {
    pub fleet: &'a Fleet,
    /// The nodes through which keys are made, in turn.
    pub makers: &'a [usize],
}

impl<'a> Rounds<'a> {
    pub fn on(fleet: &'a Fleet) -> Self {
        Self { fleet, makers: &[0, 1, 2] }
    }

    /// Ends so many keys, in each way and through each node in turn, one of each way at once.
    pub fn run(&self, count: usize, tally: &mut Tally) {
        self.run_with(count, tally, || {}, |node, ending, key| self.end(node, ending, key));
    }

    /// The same; once the keys are watched something is done, and they are ended by other means.
    pub fn run_with(
        &self,
        count: usize,
        tally: &mut Tally,
        before_end: impl Fn(),
        end: impl Fn(usize, Ending, &Key) -> End + Sync,
    ) {
        let numbers: Vec<usize> = (0..count).collect();
        for batch in numbers.chunks(Ending::ALL.len()) {
            self.batch(batch, tally, &before_end, &end);
        }
    }

    fn batch(
        &self,
        numbers: &[usize],
        tally: &mut Tally,
        before_end: impl Fn(),
        end: impl Fn(usize, Ending, &Key) -> End + Sync,
    ) {
        let keys: Vec<(Key, Watch)> = numbers
            .iter()
            .map(|number| {
                let key = self.fleet.create_key(self.makers[number % self.makers.len()]);
                let watch = Watch::start(self.fleet.askers(&key));
                (key, watch)
            })
            .collect();
        for (_, watch) in &keys {
            watch.wait_until_valid();
        }
        before_end();
        let ends: Vec<End> = thread::scope(|scope| {
            let enders: Vec<_> = numbers
                .iter()
                .zip(&keys)
                .map(|(number, (key, _))| {
                    let ending = Ending::ALL[number % Ending::ALL.len()];
                    // Each way meets each node in time.
                    let node = (number + number / Ending::ALL.len()) % NODES;
                    let end = &end;
                    scope.spawn(move || end(node, ending, key))
                })
                .collect();
            enders.into_iter().map(|ender| ender.join().unwrap()).collect()
        });
        // For longer than the promise now and then: what was refused must not be good again.
        let at_least = if numbers[0].is_multiple_of(WATCHED_FOR_LONG) { PROMISE + QUIET } else { QUIET };
        thread::sleep(at_least);
        let begin = Instant::now();
        while begin.elapsed() < LIMIT && keys.iter().any(|(_, watch)| watch.is_valid_since(Instant::now() - QUIET)) {
            thread::sleep(QUIET / 4);
        }
        for ((key, watch), end) in keys.into_iter().zip(ends) {
            tally.judge(end, &watch.stop());
            self.look_whether_kept(&key, end.by, tally);
        }
    }

    /// Ends a key through a node, as its user would.
    pub fn end(&self, node: usize, by: Ending, key: &Key) -> End {
        let asked = Instant::now();
        let answer = by.ask(&self.fleet.clients[node], key.id).unwrap();
        let acknowledged = Instant::now();
        assert!((200..300).contains(&answer.status), "{by:?}: {answer:?}");
        End { by, asked, acknowledged }
    }

    fn look_whether_kept(&self, key: &Key, by: Ending, tally: &mut Tally) {
        let record = self.fleet.clients[0].get(&format!("/v1/api-keys/{}", key.id));
        let is_kept = match by {
            Ending::Delete => record.status == 404,
            Ending::Narrow => record.status == 200,
            _ => record.status == 200 && record.json()["status"] == by.code(),
        };
        if !is_kept {
            tally.lost.push(format!("{by:?}: {record:?}"));
        }
    }
}
