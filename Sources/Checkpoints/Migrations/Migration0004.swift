extension Migration {
    static let attempts = Migration(
        number: 4,
        name: "how often rejects are tried",
        sql: #"""
            -- What the last run went by; null before a run of this version. So rejects that are given up can be told.
            ALTER TABLE rollcall.pipeline ADD max_attempts integer;
            """#
    )
}
