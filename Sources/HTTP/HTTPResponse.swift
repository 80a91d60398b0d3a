/// A complete answer; every status is an answer, only a failed transfer is an error.
public struct HTTPResponse: Sendable {
    public let status: Int
    /// The fields of the final answer (after redirects), without trailers.
    public let headers: HTTPHeaders
    /// The body after decompression.
    public let body: [UInt8]

    public init(status: Int, headers: HTTPHeaders, body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
