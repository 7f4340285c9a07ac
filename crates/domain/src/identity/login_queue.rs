//! Bounds the logins in progress: those whose counters are read, those that wait for their password to be hashed, and those whose
//! is.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use ipnet::IpNet;

/// The most logins in progress.
const MAX_LOGINS: usize = 100;
/// The most logins in progress from one network.
const MAX_LOGINS_PER_NETWORK: usize = 20;

/// The logins in progress on this node.
#[derive(Default)]
pub struct LoginQueue {
    logins: Mutex<HashMap<IpNet, usize>>,
}

/// A login in progress, until it is dropped.
pub struct LoginPlace {
    queue: Arc<LoginQueue>,
    network: IpNet,
}

impl LoginQueue {
    /// `None` if too many logins are in progress, of all or from this network.
    pub fn enter(self: &Arc<Self>, network: IpNet) -> Option<LoginPlace> {
        let mut logins = self.logins.lock().unwrap_or_else(PoisonError::into_inner);
        if logins.values().sum::<usize>() >= MAX_LOGINS
            || logins.get(&network).is_some_and(|count| *count >= MAX_LOGINS_PER_NETWORK)
        {
            return None;
        }
        *logins.entry(network).or_default() += 1;
        Some(LoginPlace { queue: Arc::clone(self), network })
    }
}

impl Drop for LoginPlace {
    fn drop(&mut self) {
        let mut logins = self.queue.logins.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = logins.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                logins.remove(&self.network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_are_bounded_by_network_and_in_all_and_leave_nothing_behind() {
        let queue = Arc::<LoginQueue>::default();
        let network = |index: u8| IpNet::from(std::net::IpAddr::from([192, 0, 2, index]));
        let enter = |index: u8| queue.enter(network(index));
        let mut places: Vec<LoginPlace> = (0..MAX_LOGINS_PER_NETWORK).map(|_| enter(0).unwrap()).collect();
        assert!(enter(0).is_none());
        places.pop();
        places.push(enter(0).unwrap());
        for index in 1..=(MAX_LOGINS - MAX_LOGINS_PER_NETWORK) {
            places.push(enter(u8::try_from(index).unwrap()).unwrap());
        }
        assert!(enter(250).is_none());
        drop(places);
        assert!(queue.logins.lock().unwrap().is_empty());
    }
}
