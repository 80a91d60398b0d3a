internal import CurlHTTP

/// Reads an answer that is not a success: what it means, and what may mend it.
struct Refusal {
    let error: GenesysError
    let remedy: RetryPlan.Remedy

    /// Codes whose message speaks of the list's set-up, of permissions or of the rate limit, never of a contact's values.
    ///
    /// Every other message is kept out of `description`: `constraint.validation`, for one, is free text.
    private static let codesWithSafeMessage: Set<String> = [
        "missing.permissions", "missing.any.permissions", "not.authorized",
        "too.many.requests", "too.many.requests.retry.after",
        "contact.columns.dont.match", "name.cannot.be.blank", "name.length.exceeded", "duplicate.name",
        "no.contact.columns.defined", "not.unique.contact.columns", "contact.columns.limit.exceeded",
        "no.phone.columns", "not.unique.phone.columns", "contact.columns.do.not.contain.phone.number.column",
        "invalid.contact.phone.column", "system.column.phone.column", "invalid.zip.code.column",
        "max.entity.count.reached", "too.many.contacts.added", "too.many.contacts.requested",
        "contact.list.not.found", "unsupported.media.type", "response.entity.too.large",
    ]

    /// The answer to a request of the API proper; nil if it is a success.
    init?(_ answer: HTTPResponse, operation: String) {
        guard !(200..<300).contains(answer.status) else { return nil }
        let body = ErrorBody(answer.body)
        let (kind, remedy) = Self.meaning(of: answer)
        var message = statusName(answer.status)
        if let code = body?.code {
            message += " \(code)"
        }
        if let code = body?.code, let text = body?.message, Self.codesWithSafeMessage.contains(code) {
            message += ", \(text)"
        }
        let missing = kind == .forbidden ? body?.permissionNames ?? [] : []
        error = GenesysError(
            operation: operation,
            kind: kind,
            message: message,
            hint: Self.hint(kind, missing: missing),
            status: answer.status,
            code: body?.code,
            correlationID: correlationID(of: answer, body),
            missingPermissions: missing,
            limit: body?.limit.map { GenesysError.Limit(key: $0.key, namespace: $0.namespace, value: $0.value) },
            serverMessage: body?.message,
            mayHaveTakenEffect: answer.status == 408 || answer.status >= 500
        )
        self.remedy = remedy
    }

    /// No answer came; the failure of the connection says how far the request got.
    init(_ failure: HTTPError, operation: String) {
        error = GenesysError(
            operation: operation,
            kind: .transport,
            message: failure.isTimeout ? "no answer in time: \(failure)" : "no answer: \(failure)",
            mayHaveTakenEffect: failure.requestMayHaveBeenSent
        )
        remedy = Self.isLasting(failure.code) ? .none : .backOff(nil)
    }

    /// Which statuses a later attempt may mend follows the vendor's guidance: 429, 502, 503, 504 and 408, but not 500.
    static func meaning(of answer: HTTPResponse) -> (GenesysError.Kind, RetryPlan.Remedy) {
        switch answer.status {
        case 401: (.unauthorized, .none)
        case 403: (.forbidden, .none)
        case 404: (.notFound, .none)
        case 409: (.conflict, .none)
        case 429: (.unavailable, .waitForLimit(answer.headers.retryAfter))
        case 408, 502, 503, 504: (.unavailable, .backOff(answer.headers.retryAfter))
        case 400..<500: (.refused, .none)
        case 500...: (.serverFailure, .none)
        default: (.unexpectedAnswer, .none)
        }
    }

    /// Failures that lie in the set-up, or in the answer itself: another attempt would end the same way.
    private static func isLasting(_ code: HTTPError.Code) -> Bool {
        [
            .unsupportedProtocol, .malformedURL, .invalidArgument, .certificateRefused, .answerTooLarge, .shutDown,
            .tooManyRedirects,
        ].contains(code)
    }

    private static func hint(_ kind: GenesysError.Kind, missing: [String]) -> String? {
        switch kind {
        case .unauthorized:
            "check that the OAuth client is active and belongs to the organisation of this region"
        case .forbidden where missing.isEmpty:
            "give the OAuth client a role with the permission, in the division of the contact list"
        case .forbidden:
            "give the OAuth client a role with \(missing.joined(separator: ", ")), in the division of the contact list"
        default:
            nil
        }
    }
}

/// The id by which the vendor's support finds a request.
func correlationID(of answer: HTTPResponse, _ body: ErrorBody? = nil) -> String? {
    let id = answer.headers["Genesys-Correlation-Id"] ?? answer.headers["ININ-Correlation-Id"] ?? body?.contextID
    return id.flatMap(ErrorBody.name)
}
