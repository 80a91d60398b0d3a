extension Migration {
    static let purposes = Migration(
        number: 3,
        name: "what runs are for",
        sql: #"""
            -- Who compares or erases holds the pipeline as a run does, but has no part in its history; see RunPurpose.
            ALTER TABLE rollcall.run
                ADD purpose text NOT NULL DEFAULT 'sync' CHECK (purpose IN ('sync', 'reconcile', 'erase'));
            """#
    )
}
