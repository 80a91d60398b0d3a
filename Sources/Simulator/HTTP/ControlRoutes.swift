import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Paths of the simulator itself, for tests and people to look in and to set faults.
///
/// They ask for no token.
struct ControlRoutes {
    /// Contacts written at once while a list is streamed.
    private static let sliceSize = 1_000

    /// What the fault path takes and gives.
    private struct FaultPlan: Codable {
        var faults: [Fault]
        /// Where the draws begin; without it they begin where the simulator's did.
        var seed: UInt64?

        init(_ faults: [Fault]) {
            self.faults = faults
        }

        init(from decoder: any Decoder) throws {
            try decoder.refuseKeys(otherThan: CodingKeys.self)
            let values = try decoder.container(keyedBy: CodingKeys.self)
            faults = try values.decode([Fault].self, forKey: .faults)
            seed = try values.decodeIfPresent(UInt64.self, forKey: .seed)
        }

        private enum CodingKeys: String, CodingKey, CaseIterable {
            case faults
            case seed
        }
    }

    /// What the dial path takes.
    private struct DialRequest: Decodable {
        var count: Int
        /// What the call records say.
        var result: String?
    }

    private struct Dialed: Encodable {
        let dialed: [String]
    }

    /// How many edits were made.
    private struct Edited: Encodable {
        let edited: Int
    }

    private struct Lists: Encodable {
        let lists: [SimulatedContactList]
    }

    let core: SimulatorCore

    func addRoutes(to router: Router<SimulatorContext>) {
        let control = router.group("simulator")
        control.get("lists") { _, _ in try Response(json: Lists(lists: core.lists())) }
        control.get("lists/{listId}/contacts") { _, context in try stream(context.pathPart("listId")) }
        control.post("lists/{listId}/dial") { request, context in
            let dial = try await Self.decode(DialRequest.self, from: request)
            let ids = core.dial(dial.count, in: context.pathPart("listId"), result: dial.result ?? Simulator.dialResult)
            guard let ids else { throw HTTPError(.notFound) }
            return try Response(json: Dialed(dialed: ids))
        }
        control.post("lists/{listId}/edits") { request, context in
            let edits = try await Self.decode([ContactEdit].self, from: request, limit: core.options.maximumBodyBytes)
            do {
                guard try core.edit(edits, in: context.pathPart("listId")) else { throw HTTPError(.notFound) }
            } catch let error as SimulatorError {
                throw HTTPError(.badRequest, message: error.description)
            }
            return try Response(json: Edited(edited: edits.count))
        }
        control.get("statistics") { _, _ in try Response(json: core.statistics.withLock { $0 }) }
        control.get("faults") { _, _ in try Response(json: FaultPlan(core.faults.withLock { $0.faults })) }
        control.put("faults") { request, _ in
            let plan = try await Self.decode(FaultPlan.self, from: request)
            core.setFaults(plan.faults, seed: plan.seed)
            return try Response(json: FaultPlan(core.faults.withLock { $0.faults }))
        }
        control.get("behaviour") { _, _ in try Response(json: core.behaviour.withLock { $0 }) }
        control.put("behaviour") { request, _ in
            let behaviour = try await Self.decode(Behaviour.self, from: request)
            core.behaviour.withLock { $0 = behaviour }
            return try Response(json: behaviour)
        }
        control.post("reset") { _, _ in
            core.reset()
            return Response(status: .noContent)
        }
    }

    /// All contacts of a list as lines of JSON, sorted by id, written as the client reads them.
    private func stream(_ id: String) throws -> Response {
        guard let list = core.organization.body(of: id), let ids = core.contactIDs(of: id) else {
            throw HTTPError(.notFound)
        }
        let body = ResponseBody { [core] writer in
            for start in stride(from: 0, to: ids.count, by: Self.sliceSize) {
                let slice = ids[start..<min(start + Self.sliceSize, ids.count)]
                var lines = ContactWriter(list: list, id: id, expecting: slice.count)
                for (id, contact) in core.organization.storedContacts(slice, in: id) { lines.writeLine(id, contact) }
                try await writer.write(ByteBuffer(bytes: lines.text))
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "application/x-ndjson"], body: body)
    }

    private static func decode<Body: Decodable>(
        _ type: Body.Type,
        from request: Request,
        limit: Int = 1 << 20
    ) async throws -> Body {
        let buffer = try await request.body.collect(upTo: limit)
        do {
            return try GenesysJSON.decode(type, from: Data(buffer.readableBytesView))
        } catch let error as DecodingError {
            throw HTTPError(.badRequest, message: error.summary)
        }
    }
}
