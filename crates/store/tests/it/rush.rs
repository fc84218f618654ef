//! Many at once: counted tries, disjoint claims, and writers that are cancelled anywhere on their way.

use crate::world::laws;

laws! {
    of_fifty_parallel_answers_five_are_taken;
    two_workers_never_hold_the_same_job;
    a_writer_cancelled_anywhere_harms_no_neighbour;
}

mod checks {
    use crate::world::{NOW, World, user};
    use std::collections::BTreeSet;
    use std::future::poll_fn;
    use std::pin::pin;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::task::Poll;
    use verger_model::verification::{Verification, VerificationStatus};
    use verger_model::{InstanceId, Millis, Strategy};
    use verger_store::{NewJob, Store, StoreError};

    pub(super) async fn of_fifty_parallel_answers_five_are_taken(world: World) {
        let it = Verification {
            id: "ver_1".parse().unwrap(),
            strategy: Strategy::EmailCode,
            status: VerificationStatus::Unverified,
            attempts: 0,
            target: None,
            identification_id: None,
            verified_at_client: None,
            channel: None,
            code_digest: None,
            external_redirect_url: None,
            error: None,
            nonce: None,
            expire_at: None,
            created_at: NOW,
        };
        let mut tx = world.store.write().await.unwrap();
        tx.verifications().insert(&world.a, &it).await.unwrap();
        tx.commit().await.unwrap();
        let answers = (0..50).map(|_| {
            let (store, instance, id) = (world.store.clone(), world.a.clone(), it.id.clone());
            tokio::spawn(async move {
                let mut tx = patiently(&store).await;
                let taken = tx.verifications().take_attempt(&instance, &id, 5, NOW).await.unwrap();
                tx.commit().await.unwrap();
                taken.map(|it| it.attempts)
            })
        });
        let mut taken = Vec::new();
        for answer in answers.collect::<Vec<_>>() {
            taken.extend(answer.await.unwrap());
        }
        taken.sort_unstable();
        assert_eq!(taken, [1, 2, 3, 4, 5]);
    }

    pub(super) async fn two_workers_never_hold_the_same_job(world: World) {
        let mut tx = world.store.write().await.unwrap();
        for index in 0..40 {
            let job = NewJob {
                id: format!("job_{index}").parse().unwrap(),
                instance_id: world.a.clone(),
                kind: "send_email".into(),
                payload: Vec::new(),
                run_at: NOW,
            };
            tx.jobs().enqueue(&job).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(world.store.read().await.unwrap().jobs().pending().await.unwrap(), 40);
        let workers = (0..4).map(|worker| {
            let store = world.store.clone();
            tokio::spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let mut tx = patiently(&store).await;
                    let claimed = tx.jobs().claim(NOW, Millis(1), 3, &format!("worker {worker}")).await.unwrap();
                    tx.commit().await.unwrap();
                    if claimed.is_empty() {
                        return mine;
                    }
                    mine.extend(claimed.into_iter().map(|job| job.id));
                }
            })
        });
        let mut all = Vec::new();
        for worker in workers.collect::<Vec<_>>() {
            all.extend(worker.await.unwrap());
        }
        assert_eq!(all.len(), 40);
        assert_eq!(all.into_iter().collect::<BTreeSet<_>>().len(), 40);
    }

    /// Every second writer is dropped after so many polls, each after another number: waiting for its turn, inside a statement,
    /// between two, or in the commit. Everybody else's rows are there, and nothing of a dropped writer; of one that was already
    /// committing, both rows or none.
    pub(super) async fn a_writer_cancelled_anywhere_harms_no_neighbour(world: World) {
        let writers = (0..60).map(|index| {
            let (store, instance) = (world.store.clone(), world.a.clone());
            tokio::spawn(async move {
                let polls = if index % 2 == 0 { index / 2 % 6 + 1 } else { usize::MAX };
                let committing = AtomicBool::new(false);
                let outcome = up_to(polls, write_two(&store, &instance, index, &committing)).await;
                (outcome, committing.into_inner())
            })
        });
        let mut outcomes = Vec::new();
        for writer in writers.collect::<Vec<_>>() {
            outcomes.push(writer.await.unwrap());
        }
        assert!(outcomes.iter().any(|(outcome, committing)| outcome.is_none() && !committing), "nobody was cancelled");
        // Whoever was cancelled in the commit may still be on the way.
        patiently(&world.store).await.commit().await.unwrap();
        let mut reader = world.store.read().await.unwrap();
        for (index, (outcome, committing)) in outcomes.into_iter().enumerate() {
            let mut there = Vec::new();
            for half in ["a", "b"] {
                let id = format!("user_{index}{half}").parse().unwrap();
                there.push(reader.users().get(&world.a, &id).await.unwrap().is_some());
            }
            match outcome {
                Some(outcome) => {
                    outcome.unwrap();
                    assert_eq!(there, [true, true], "{index}");
                }
                None if committing => assert_eq!(there[0], there[1], "{index}"),
                None => assert_eq!(there, [false, false], "{index}"),
            }
        }
    }

    async fn write_two(
        store: &Store,
        instance: &InstanceId,
        index: usize,
        committing: &AtomicBool,
    ) -> Result<(), StoreError> {
        let mut tx = patiently(store).await;
        tx.users().insert(instance, &user(&format!("user_{index}a"))).await?;
        tx.users().insert(instance, &user(&format!("user_{index}b"))).await?;
        committing.store(true, Ordering::Relaxed);
        tx.commit().await
    }

    /// The outcome of a future, or `None` when it is dropped because it was not ready after so many polls.
    async fn up_to<F: Future>(polls: usize, future: F) -> Option<F::Output> {
        let (mut future, mut left) = (pin!(future), polls);
        poll_fn(move |cx| match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left <= 1 => Poll::Ready(None),
            Poll::Pending => {
                left -= 1;
                Poll::Pending
            }
        })
        .await
    }

    /// A write, asked for again while the small pool of connections is exhausted.
    async fn patiently(store: &Store) -> verger_store::WriteTx {
        loop {
            if let Ok(tx) = store.write().await {
                return tx;
            }
        }
    }
}
