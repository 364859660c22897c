//! The whole build: what is missing is installed meanwhile, two things at a time, because linking keeps one core only.

use crate::compiler::Compiler;
use crate::console::Outcome;
use crate::manifest::{Manifest, Variant};
use crate::tools::Needed;
use crate::{engine, packages, page, split, tools};
use std::collections::VecDeque;
use std::sync::Mutex;
use std::thread;

/// One thing to do, independent of the others in its list.
pub type Job<'a> = Box<dyn FnOnce() -> Outcome + Send + 'a>;

/// Builds every variant (or those named) and the page.
pub fn everything(names: &[String]) -> Outcome {
    engines(names)?;
    page::build()
}

/// Builds every variant, or those named.
pub fn engines(names: &[String]) -> Outcome {
    let manifest = Manifest::read()?;
    let variants: Vec<&Variant> = if names.is_empty() {
        manifest.variants.iter().collect()
    } else {
        names.iter().map(|name| manifest.variant(name)).collect::<Outcome<_>>()?
    };
    let compiler = Compiler::set_up()?;
    let (manifest, compiler) = (&manifest, &compiler);
    let mut jobs: Vec<Job> = vec![Box::new(packages::set_up_page)];
    // The longest first.
    jobs.extend(
        variants.iter().map(|&variant| Box::new(move || engine::compile(manifest, variant, compiler)) as Job),
    );
    jobs.insert(2, Box::new(|| tools::set_up(Needed::Bindgen)));
    jobs.push(Box::new(split::set_up));
    two_at_a_time(jobs)?;
    two_at_a_time(
        variants.iter().map(|&variant| Box::new(move || engine::finish(manifest, variant)) as Job).collect(),
    )
}

/// Does all of them, two at a time. After a failure no new one is begun, and the first failure is returned.
pub fn two_at_a_time(jobs: Vec<Job>) -> Outcome {
    let waiting = Mutex::new(VecDeque::from(jobs));
    let failure = Mutex::new(None);
    let work = || {
        loop {
            let job = waiting.lock().expect("no job panics while it holds the list").pop_front();
            let Some(job) = job else { return };
            if let Err(error) = job() {
                waiting.lock().expect("no job panics while it holds the list").clear();
                failure.lock().expect("nothing panics while it holds the failure").get_or_insert(error);
            }
        }
    };
    thread::scope(|scope| {
        scope.spawn(work);
        work();
    });
    match failure.into_inner().expect("nothing panics while it holds the failure") {
        Some(failure) => Err(failure),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::Failure;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn every_job_is_done_once() {
        let done = AtomicUsize::new(0);
        let jobs = (0..7)
            .map(|_| {
                Box::new(|| {
                    done.fetch_add(1, Ordering::Relaxed);
                    Ok(())
                }) as Job
            })
            .collect();
        two_at_a_time(jobs).expect("none of them fails");
        assert_eq!(done.into_inner(), 7);
    }

    #[test]
    fn a_failure_is_returned_and_ends_the_rest() {
        let done = AtomicUsize::new(0);
        let mut jobs: Vec<Job> = vec![
            Box::new(|| Err(Failure::new("a", "b", "c"))),
            Box::new(|| Err(Failure::new("a", "b", "c"))),
        ];
        for _ in 0..100 {
            jobs.push(Box::new(|| {
                done.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }));
        }
        assert!(two_at_a_time(jobs).is_err());
        assert!(done.into_inner() < 100);
    }
}
