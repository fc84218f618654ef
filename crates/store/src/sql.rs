//! One SQL text, two drivers. The macros run a statement on whichever connection a noun holds; arguments are bound in the order
//! of `$1`, `$2`, ..; a failed statement spoils its transaction on both engines alike.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::{PgConnection, SqliteConnection};
use verger_model::{InstanceId, Millis};

use crate::StoreError;

/// What a noun of a [`crate::Reader`] may do.
#[derive(Debug)]
pub struct Read;

/// What a noun of a [`crate::WriteTx`] may do.
#[derive(Debug)]
pub struct Write;

/// A borrowed connection of either engine.
pub(crate) enum Link<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

/// A connection as the nouns hold it.
pub(crate) struct Conn<'a, A> {
    pub(crate) link: Link<'a>,
    /// PostgreSQL takes nothing after a failed statement and answers COMMIT with a rollback; SQLite would go on. Both stop here.
    failed: &'a mut bool,
    statements: &'a AtomicU64,
    access: PhantomData<A>,
}

impl<'a, A> Conn<'a, A> {
    pub(crate) fn new(link: Link<'a>, failed: &'a mut bool, statements: &'a AtomicU64) -> Self {
        Self { link, failed, statements, access: PhantomData }
    }

    /// Refuses to run anything after a failed statement.
    pub(crate) fn expect_sound(&self) -> Result<(), StoreError> {
        if *self.failed {
            return Err(StoreError::unavailable("an earlier statement of this transaction failed"));
        }
        Ok(())
    }

    /// Counts a statement and remembers its failure.
    pub(crate) fn settle<T>(&mut self, outcome: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        *self.failed |= outcome.is_err();
        Ok(outcome?)
    }
}

/// A value bound to a dynamic statement.
pub(crate) enum Bind {
    Text(String),
    Int(i64),
    Bool(bool),
}

impl From<&str> for Bind {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Bind {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Bind {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Bind {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

/// A statement put together from static pieces and bound values: lists with many filters, and IN lists.
pub(crate) struct Dynamic {
    text: String,
    binds: Vec<Bind>,
}

impl Dynamic {
    pub(crate) fn new(start: &'static str) -> Self {
        Self { text: start.to_owned(), binds: Vec::new() }
    }

    /// Appends a piece of SQL. Only texts of this program get in: values go through [`Dynamic::bind`].
    pub(crate) fn push(&mut self, piece: &'static str) -> &mut Self {
        self.text.push_str(piece);
        self
    }

    /// Appends the placeholder of a value.
    pub(crate) fn bind(&mut self, value: impl Into<Bind>) -> &mut Self {
        self.binds.push(value.into());
        self.text.push('$');
        self.text.push_str(&self.binds.len().to_string());
        self
    }

    /// Appends the placeholders of several values, in brackets.
    pub(crate) fn bind_list(&mut self, values: impl IntoIterator<Item = impl Into<Bind>>) -> &mut Self {
        self.push("(");
        for (i, value) in values.into_iter().enumerate() {
            if i > 0 {
                self.push(", ");
            }
            self.bind(value);
        }
        self.push(")")
    }

    /// Appends rows for `VALUES`: instance, id, time.
    pub(crate) fn bind_stamps<'a>(&mut self, rows: impl Iterator<Item = (&'a str, &'a str, i64)>) -> &mut Self {
        for (i, (instance, id, at)) in rows.enumerate() {
            self.push(if i > 0 { ", (" } else { "(" }).bind(instance);
            self.push(", ").bind(id).push(", ").bind(at).push(")");
        }
        self
    }

    pub(crate) fn into_parts(self) -> (String, Vec<Bind>) {
        (self.text, self.binds)
    }
}

/// The latest stamp of each row, in one order everywhere, so that two nodes that stamp the same rows do not wait in a circle.
pub(crate) fn latest<T: Ord>(stamps: &[(InstanceId, T, Millis)]) -> Vec<&(InstanceId, T, Millis)> {
    let mut stamps: Vec<_> = stamps.iter().collect();
    stamps.sort_unstable_by(|a, b| (&a.0, &a.1, b.2).cmp(&(&b.0, &b.1, a.2)));
    stamps.dedup_by(|later, first| later.0 == first.0 && later.1 == first.1);
    stamps
}

/// Runs `$run` with `$link` standing for the driver's connection.
macro_rules! on_driver {
    ($noun:expr, $link:ident => $run:expr) => {{
        $noun.conn.expect_sound()?;
        let outcome = match &mut $noun.conn.link {
            $crate::sql::Link::Sqlite(link) => {
                let $link = &mut **link;
                $run
            }
            $crate::sql::Link::Postgres(link) => {
                let $link = &mut **link;
                $run
            }
        };
        $noun.conn.settle(outcome)
    }};
}

/// The only row, if there is one: `Result<Option<Row>, StoreError>`.
macro_rules! one {
    ($noun:expr, $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        $crate::sql::on_driver!($noun, link =>
            sqlx::query_as::<_, $row>($sql)$(.bind($arg))*.fetch_optional(link).await)
    };
}

/// Every row: `Result<Vec<Row>, StoreError>`.
macro_rules! all {
    ($noun:expr, $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        $crate::sql::on_driver!($noun, link =>
            sqlx::query_as::<_, $row>($sql)$(.bind($arg))*.fetch_all(link).await)
    };
}

/// How many rows a statement changed: `Result<u64, StoreError>`.
macro_rules! execute {
    ($noun:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        $crate::sql::on_driver!($noun, link =>
            sqlx::query($sql)$(.bind($arg))*.execute(link).await.map(|done| done.rows_affected()))
    };
}

/// Binds the values of a [`Dynamic`] to a query of either driver. Not prepared for reuse: each text is used once in a while.
macro_rules! bind_dynamic {
    ($query:expr, $binds:expr) => {{
        let mut query = $query.persistent(false);
        for bind in $binds {
            query = match bind {
                $crate::sql::Bind::Text(text) => query.bind(text),
                $crate::sql::Bind::Int(number) => query.bind(number),
                $crate::sql::Bind::Bool(truth) => query.bind(truth),
            };
        }
        query
    }};
}

/// Every row of a [`Dynamic`] statement.
macro_rules! all_dynamic {
    ($noun:expr, $row:ty, $dynamic:expr) => {{
        let (text, binds) = $dynamic.into_parts();
        $crate::sql::on_driver!($noun, link =>
            $crate::sql::bind_dynamic!(sqlx::query_as::<_, $row>(sqlx::AssertSqlSafe(text)), binds).fetch_all(link).await)
    }};
}

/// How many rows a [`Dynamic`] statement changed.
macro_rules! execute_dynamic {
    ($noun:expr, $dynamic:expr) => {{
        let (text, binds) = $dynamic.into_parts();
        $crate::sql::on_driver!($noun, link =>
            $crate::sql::bind_dynamic!(sqlx::query(sqlx::AssertSqlSafe(text)), binds)
                .execute(link)
                .await
                .map(|done| done.rows_affected()))
    }};
}

/// Two texts where the dialects truly differ.
macro_rules! by_engine {
    ($noun:expr, sqlite: $sqlite:expr, postgres: $postgres:expr $(,)?) => {
        match $noun.conn.link {
            $crate::sql::Link::Sqlite(_) => $sqlite,
            $crate::sql::Link::Postgres(_) => $postgres,
        }
    };
}

/// A read inside a write that keeps others from changing the row until the commit. SQLite has one writer anyway; on PostgreSQL the
/// weaker lock lets rows that refer to this one be added meanwhile.
macro_rules! for_update {
    ($noun:expr, $sql:expr) => {
        $crate::sql::by_engine!($noun, sqlite: $sql, postgres: concat!($sql, " FOR NO KEY UPDATE"))
    };
}

pub(crate) use {all, all_dynamic, bind_dynamic, by_engine, execute, execute_dynamic, for_update, on_driver, one};
