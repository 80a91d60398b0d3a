import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// An answer in JSON.
    init(json value: some Encodable, status: HTTPResponse.Status = .ok) throws {
        let data = try GenesysJSON.encode(value)
        self.init(json: ByteBuffer(bytes: data), status: status)
    }

    /// An answer in JSON that is written already.
    init(json buffer: ByteBuffer, status: HTTPResponse.Status = .ok) {
        self.init(
            status: status,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: buffer)
        )
    }

    /// A page; it may load nothing but this server's style sheet.
    init(html: String, status: HTTPResponse.Status = .ok) {
        self.init(
            status: status,
            headers: [
                .contentType: "text/html; charset=utf-8",
                .contentSecurityPolicy: "default-src 'none'; style-src 'self'; form-action 'self'",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html))
        )
    }
}
