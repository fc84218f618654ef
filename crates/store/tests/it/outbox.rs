//! The queue of jobs: leases, locks and retries.

use crate::world::laws;

laws! {
    a_claimed_job_is_nobody_elses_until_its_lease_ends;
    a_job_is_in_the_queue_only_if_its_write_was_committed;
}

mod checks {
    use crate::world::{NOW, World};
    use verger_model::Millis;
    use verger_store::NewJob;

    const LEASE: Millis = Millis::from_mins(2);

    fn job(id: &str, world: &World) -> NewJob {
        NewJob {
            id: id.parse().unwrap(),
            instance_id: world.a.clone(),
            kind: "send_email".into(),
            payload: b"payload".to_vec(),
            run_at: NOW,
        }
    }

    pub(super) async fn a_claimed_job_is_nobody_elses_until_its_lease_ends(world: World) {
        let mut tx = world.store.write().await.unwrap();
        for id in ["job_1", "job_2"] {
            let job = job(id, &world);
            tx.jobs().enqueue(&job).await.unwrap();
        }
        assert!(tx.jobs().claim(NOW - Millis(1), LEASE, 10, "one").await.unwrap().is_empty());
        let mine = tx.jobs().claim(NOW, LEASE, 1, "one").await.unwrap();
        let yours = tx.jobs().claim(NOW, LEASE, 10, "two").await.unwrap();
        assert_eq!((mine.len(), yours.len()), (1, 1));
        assert_ne!(mine[0].id, yours[0].id);
        assert_eq!((mine[0].attempts, mine[0].payload.as_slice()), (1, b"payload".as_slice()));
        assert!(!tx.jobs().finish(&mine[0].id, "two").await.unwrap());
        assert!(tx.jobs().finish(&mine[0].id, "one").await.unwrap());
        // The other worker died: after its lease the job is anybody's.
        let again = tx.jobs().claim(NOW + LEASE, LEASE, 10, "three").await.unwrap();
        assert_eq!(again.iter().map(|it| (&it.id, it.attempts)).collect::<Vec<_>>(), [(&yours[0].id, 2)]);
        assert!(!tx.jobs().finish(&yours[0].id, "two").await.unwrap());
        let later = NOW + Millis::from_mins(10);
        assert!(tx.jobs().retry(&yours[0].id, "three", "no route", later).await.unwrap());
        assert!(tx.jobs().claim(later - Millis(1), LEASE, 10, "four").await.unwrap().is_empty());
        assert_eq!(tx.jobs().claim(later, LEASE, 10, "four").await.unwrap().len(), 1);
    }

    pub(super) async fn a_job_is_in_the_queue_only_if_its_write_was_committed(world: World) {
        let mut tx = world.store.write().await.unwrap();
        tx.jobs().enqueue(&job("job_1", &world)).await.unwrap();
        drop(tx);
        let mut tx = world.store.write().await.unwrap();
        tx.jobs().enqueue(&job("job_2", &world)).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = world.store.write().await.unwrap();
        let found = tx.jobs().claim(NOW, LEASE, 10, "one").await.unwrap();
        assert_eq!(found.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["job_2"]);
    }
}
