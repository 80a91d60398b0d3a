internal import GenesysCloud
internal import RollcallCore

extension GenesysError {
    /// An error from before the first row.
    var preflightError: RollcallError {
        RollcallError(.preflight, headline, hint: wayOut, cause: self)
    }

    /// An error in the middle of delivering; what was recorded before is kept.
    var deliveryError: RollcallError {
        RollcallError(
            kind == .forbidden || kind == .unauthorized ? .preflight : .fatal,
            headline,
            hint: wayOut,
            cause: self
        )
    }

    var everyRowRefused: RollcallError {
        RollcallError(
            .fatal,
            "Genesys refuses one row after the other and takes none, the last with: \(headline)",
            hint:
                "were the columns of the list changed? Nothing of these rows was recorded; the next run sends them again",
            cause: self
        )
    }

    /// The description without the hint, which has a line of its own.
    private var headline: String {
        let request = correlationID.map { " (request \($0))" } ?? ""
        return "\(operation): \(message)\(request)"
    }

    private var wayOut: String? {
        guard kind == .forbidden, !missingPermissions.isEmpty else { return hint }
        return """
            add \(missingPermissions.joined(separator: ", ")) to a role of the OAuth client \
            (Admin > Integrations > OAuth), in the division of the list
            """
    }
}
