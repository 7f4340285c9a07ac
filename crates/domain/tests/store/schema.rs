//! `schema.rs` declares the tables as they are in the migrated database.

use latchkey_test_support::database::TestDatabase;

#[tokio::test]
async fn the_declared_schema_matches_the_database() {
    let database = TestDatabase::migrated().await;
    // `run_on` belongs to diesel_migrations, and no statement of the store reads it.
    let columns = "SELECT table_name::text, column_name::text, \
                   CASE WHEN data_type = 'ARRAY' THEN udt_name::text ELSE data_type::text END, is_nullable = 'YES' \
                   FROM information_schema.columns WHERE table_schema = 'public' AND column_name <> 'run_on' \
                   AND NOT (SELECT relispartition FROM pg_class WHERE oid = table_name::regclass) \
                   ORDER BY table_name, ordinal_position";
    let mut found: Vec<String> = Vec::new();
    for row in database.query(columns).await {
        let (table, column, sql_type): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let declared = match sql_type.as_str() {
            "bigint" => "Int8",
            "boolean" => "Bool",
            "integer" => "Int4",
            "smallint" => "Int2",
            "text" | "character varying" => "Text",
            "bytea" => "Bytea",
            "timestamp with time zone" => "Timestamptz",
            "cidr" => "Cidr",
            "inet" => "Inet",
            "jsonb" => "Jsonb",
            "_text" => "Array<Text>",
            "_cidr" => "Array<Cidr>",
            // diesel has no such type; the statements that read it are written in SQL.
            "xid8" => "Text",
            other => panic!("{table}.{column} has the type {other}, which this test cannot map"),
        };
        let declared = if row.get(3) { format!("Nullable<{declared}>") } else { declared.to_owned() };
        found.push(format!("{table}.{column} -> {declared}"));
    }
    assert_eq!(columns_in_source(include_str!("../../src/store/schema.rs")), found);
}

/// The columns that diesel's `table!` declares, ordered by table name.
fn columns_in_source(source: &str) -> Vec<String> {
    let mut tables: Vec<(String, Vec<String>)> = Vec::new();
    for line in source.lines().map(str::trim) {
        if let Some((table, _)) = line.strip_suffix(") {").and_then(|start| start.split_once(" (")) {
            tables.push((table.to_owned(), Vec::new()));
        } else if let Some((column, sql_type)) = line.strip_suffix(',').and_then(|line| line.split_once(" -> ")) {
            let (table, columns) = tables.last_mut().unwrap();
            columns.push(format!("{table}.{column} -> {sql_type}"));
        }
    }
    tables.sort();
    tables.into_iter().flat_map(|(_, columns)| columns).collect()
}
