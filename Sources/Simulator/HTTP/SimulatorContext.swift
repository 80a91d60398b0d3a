import Foundation
import Hummingbird
import Logging
import NIOCore

/// What a request carries through the server besides itself.
struct SimulatorContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// The body of a request to the service's paths, in the pieces it arrived in.
    var body: [ByteBuffer] = []
    /// The token that an admitted request came with.
    var token = ""

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// The body in one piece.
    var bodyBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(body.reduce(0) { $0 + $1.readableBytes })
        for piece in body { bytes.append(contentsOf: piece.readableBytesView) }
        return bytes
    }

    /// A part of the path, decoded.
    func pathPart(_ name: String) -> String {
        let text = parameters.get(name) ?? ""
        return text.removingPercentEncoding ?? text
    }
}
