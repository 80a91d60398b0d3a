import Foundation
import HTTPTypes
import Hummingbird

/// Adds operations of the API to a router, each behind the permission it needs.
struct APIRoutes {
    typealias Handler = @Sendable (Request, SimulatorContext) async throws -> Response

    let router: Router<SimulatorContext>
    let core: SimulatorCore

    /// Adds an operation; `permission` nil is open to every token.
    func on(_ method: HTTPRequest.Method, _ path: String, needs permission: String?, _ handler: @escaping Handler) {
        let granted = permission.map(core.options.permissions.contains) ?? true
        router.on(RouterPath("/api/v2\(path)"), method: method) { request, context in
            if let permission, !granted { throw APIError.missing(permission: permission) }
            return try await handler(request, context)
        }
    }
}

extension APIRoutes {
    /// Adds an operation that needs every one of these permissions.
    func on(
        _ method: HTTPRequest.Method,
        _ path: String,
        needsAll permissions: [String],
        _ handler: @escaping Handler
    ) {
        let granted = core.options.permissions.isSuperset(of: permissions)
        on(method, path, needs: nil) { request, context in
            guard granted else { throw APIError.missing(allOf: permissions) }
            return try await handler(request, context)
        }
    }
}

extension SimulatorContext {
    /// The JSON body of a request, decoded.
    func decode<Body: Decodable>(_ type: Body.Type, from request: Request) throws -> Body {
        try requireJSON(request)
        do {
            return try GenesysJSON.decode(type, from: Data(bodyBytes))
        } catch let error as DecodingError {
            throw APIError.badRequest("bad.request", "The request could not be understood: \(error.summary)")
        }
    }

    func requireJSON(_ request: Request) throws {
        let type = request.headers[.contentType]?.split(separator: ";").first ?? ""
        guard type.trimmingCharacters(in: .whitespaces).lowercased() == "application/json" else {
            throw APIError.unsupportedMediaType
        }
    }
}

extension DecodingError {
    /// Where and why decoding failed, without the text that was decoded.
    var summary: String {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
            .dataCorrupted(let context):
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            return path.isEmpty ? context.debugDescription : "`\(path)`: \(context.debugDescription)"
        @unknown default: return "not the JSON that was expected"
        }
    }
}
