//! Statements on a hot path, written out as SQL text.
//!
//! diesel's query builder takes every `UPDATE` to have a text of its own and prepares it again each time, which costs a round
//! trip. The text of these statements never varies, so they carry a query id by which diesel finds the prepared statement
//! again. Everything else uses the query builder.

use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    result::Error,
};

/// What a statement is written to.
pub(super) type SqlOut<'a, 'b> = AstPass<'a, 'b, Pg>;

/// A statement as SQL text with typed binds and rows.
pub(super) trait Statement {
    /// The type itself, with static lifetimes. It identifies the prepared statement.
    type Id: 'static;
    /// The types of a row.
    type Row;
    /// The text. `{name}` stands for what [`Statement::push`] pushes.
    const SQL: &'static str;

    /// Pushes the bind or the part of this name.
    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()>;
}

/// A [`Statement`], for diesel to run.
pub(super) struct Sql<S>(pub(super) S);

impl<S: Statement> QueryFragment<Pg> for Sql<S> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        push_template(&mut out, S::SQL, |name, out| self.0.push(name, out))
    }
}

impl<S: Statement> QueryId for Sql<S> {
    type QueryId = Sql<S::Id>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<S: Statement> Query for Sql<S> {
    type SqlType = S::Row;
}

/// Pushes a text in which `push` stands in for each `{name}`.
pub(super) fn push_template<'b>(
    out: &mut SqlOut<'_, 'b>,
    template: &str,
    push: impl Fn(&str, &mut SqlOut<'_, 'b>) -> QueryResult<()>,
) -> QueryResult<()> {
    let mut rest = template;
    while let Some((text, tail)) = rest.split_once('{') {
        let Some((name, tail)) = tail.split_once('}') else {
            return unknown(tail);
        };
        out.push_sql(text);
        push(name, out)?;
        rest = tail;
    }
    out.push_sql(rest);
    Ok(())
}

/// The error for a name that stands for nothing.
pub(super) fn unknown(name: &str) -> QueryResult<()> {
    Err(Error::QueryBuilderError(format!("a statement has no `{{{name}}}`").into()))
}
