package import RollcallCore

extension UnreadableRow {
    /// What ends a run at this row, where the settings want that.
    package var stop: RollcallError {
        RollcallError(
            .fatal,
            "\(place) cannot be read: \(reason)",
            hint: "mend the file; or leave `on_error: stop` out, and the row is kept as a reject and the others go on"
        )
    }
}
