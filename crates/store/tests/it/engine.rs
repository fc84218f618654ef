//! What the engines themselves promise: nothing of an unfinished write stays, and what was committed does.

use crate::world::{Kind, NOW, World, laws, user};
use verger_store::{OpenError, Store};

laws! {
    a_write_that_is_dropped_leaves_nothing;
    a_cancelled_write_harms_no_neighbour;
}

mod checks {
    use crate::world::{World, user};

    pub(super) async fn a_write_that_is_dropped_leaves_nothing(world: World) {
        let jane = user("user_jane");
        let mut tx = world.store.write().await.unwrap();
        tx.users().insert(&world.a, &jane).await.unwrap();
        drop(tx);
        let mut reader = world.store.read().await.unwrap();
        assert!(reader.users().get(&world.a, &jane.id).await.unwrap().is_none());
    }

    /// Half of the writers are cancelled with their row inserted and not committed, in the middle of everybody else's batch.
    pub(super) async fn a_cancelled_write_harms_no_neighbour(world: World) {
        let mut writers = Vec::new();
        for index in 0..16 {
            let (store, instance) = (world.store.clone(), world.a.clone());
            writers.push(tokio::spawn(async move {
                let mut tx = store.write().await.unwrap();
                tx.users().insert(&instance, &user(&format!("user_{index}"))).await.unwrap();
                if index % 2 == 0 {
                    // The request is gone: its task ends here, and the guard with it.
                    return;
                }
                tx.commit().await.unwrap();
            }));
        }
        for writer in writers {
            writer.await.unwrap();
        }
        let mut reader = world.store.read().await.unwrap();
        for index in 0..16 {
            let id = format!("user_{index}").parse().unwrap();
            let there = reader.users().get(&world.a, &id).await.unwrap().is_some();
            assert_eq!(there, index % 2 == 1, "user_{index}");
        }
    }
}

#[tokio::test]
async fn a_file_keeps_what_was_committed_and_one_process_owns_it() {
    let world = World::new(Kind::File).await;
    let path = world.home.as_ref().unwrap().path().join("verger.db");
    let mut tx = world.store.write().await.unwrap();
    tx.users().insert(&world.a, &user("user_jane")).await.unwrap();
    tx.commit().await.unwrap();
    world.store.close().await;
    assert!(world.store.read().await.is_err(), "a closed store gives no connection");

    let again = Store::sqlite(&path).await.unwrap();
    let found = again.read().await.unwrap().users().get(&world.a, &"user_jane".parse().unwrap()).await.unwrap();
    assert_eq!(found.map(|it| it.created_at), Some(NOW));
}

#[tokio::test]
async fn two_processes_share_one_postgresql() {
    let world = World::new(Kind::PostgresC).await;
    let url = world.postgres.as_ref().unwrap().url();
    let other = Store::postgres(url).await.unwrap();
    let mut tx = world.store.write().await.unwrap();
    tx.users().insert(&world.a, &user("user_jane")).await.unwrap();
    tx.commit().await.unwrap();
    let found = other.read().await.unwrap().users().get(&world.a, &"user_jane".parse().unwrap()).await.unwrap();
    assert!(found.is_some());
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_to_be_out_of_reach() {
    let refused = Store::postgres("postgres://nobody@127.0.0.1:1/none").await.map(drop).unwrap_err();
    assert!(!matches!(refused, OpenError::BadUrl(_)), "{refused}");
    let odd = Store::postgres("mysql://x").await.map(drop).unwrap_err();
    assert!(matches!(odd, OpenError::BadUrl(_)), "{odd}");
}
