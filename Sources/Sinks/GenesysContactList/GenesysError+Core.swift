internal import GenesysCloud
internal import RollcallCore

extension GenesysError {
    /// Whether the API itself refused the contacts of a request, and not a gateway or the request's form.
    var isAboutRows: Bool {
        kind == .refused && (status == 413 || status == 400 && code != nil)
    }

    /// Whether the columns are at fault, which are the list's and so the same for every row.
    var mayBeAboutTheList: Bool { code?.contains("columns") ?? false }

    /// An error from before the first row.
    ///
    /// A service that does not answer may do so later; all else is for a person to mend.
    var preflightError: RollcallError {
        switch kind {
        case .transport, .unavailable, .serverFailure, .unexpectedAnswer:
            RollcallError(
                .fatal,
                headline,
                hint: hint ?? "check `region` or `base_url`, and try again later",
                cause: self
            )
        case .misconfigured, .unauthorized, .forbidden, .notFound, .conflict, .refused:
            RollcallError(.preflight, headline, hint: wayOut, cause: self)
        }
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
