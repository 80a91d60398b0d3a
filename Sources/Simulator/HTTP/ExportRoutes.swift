import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Exports of contact lists, and the state of imports, of which there are none.
struct ExportRoutes {
    private static let permissions = ["outbound:contact:view", "outbound:contactList:view"]
    /// Contacts written at once while an export is streamed.
    private static let sliceSize = 1_000

    /// The service's `DomainEntityRef`.
    private struct Reference: Encodable {
        let id: String
        let selfUri: String
    }

    /// The service's `ExportUri`.
    private struct Address: Encodable {
        let uri: String
        let exportTimestamp: Date
    }

    /// The service's `ImportStatus`; one that is done has no state.
    private struct ImportStatus: Encodable {
        let totalRecords = 0
        let completedRecords = 0
        let percentComplete = 100
    }

    let core: SimulatorCore

    func add(to routes: APIRoutes) {
        let list = "/outbound/contactlists/{contactListId}"
        routes.on(.post, list + "/export", needsAll: Self.permissions) { _, context in try begin(context) }
        routes.on(.get, list + "/export", needsAll: Self.permissions) { request, context in
            try address(request, context)
        }
        routes.on(.get, list + "/importstatus", needs: "outbound:contactList:view") { _, context in
            guard core.organization.visibleList(context.listID, at: core.timeline.elapsed()) != nil else {
                throw APIError.contactListNotFound
            }
            return try Response(json: ImportStatus())
        }
        routes.on(.get, "/downloads/{downloadId}", needs: nil) { _, context in
            try download(context.pathPart("downloadId"))
        }
    }

    private func begin(_ context: SimulatorContext) throws -> Response {
        let id = context.listID
        let due = core.timeline.elapsed() + .seconds(core.behaviour.withLock { $0.exportDelaySeconds })
        let isBegun: Void? = core.organization.withList(id) { $0.exports.begin(due: due) }
        guard isBegun != nil else { throw APIError.contactListNotFound }
        core.statistics.withLock { $0.exports += 1 }
        core.settle()
        return try Response(json: Reference(id: id, selfUri: "/api/v2/outbound/contactlists/\(id)/export"))
    }

    private func address(_ request: Request, _ context: SimulatorContext) throws -> Response {
        let servesStale = core.behaviour.withLock { $0.exportServesStale }
        let found = core.organization.withList(context.listID) { $0.exports.visible(servesStale: servesStale) }
        guard let found else { throw APIError.contactListNotFound }
        guard let export = found else {
            throw APIError(
                .notFound,
                code: "no.available.list.export.uri",
                message: "There is no available download URI for the contact list at this time."
            )
        }
        let base = request.head.authority.map { "http://\($0)" } ?? ""
        return try Response(
            json: Address(uri: "\(base)/api/v2/downloads/\(export.id)", exportTimestamp: export.date)
        )
    }

    /// Streams an export; the service would redirect to its file store for that.
    private func download(_ id: String) throws -> Response {
        guard let (list, export) = core.organization.export(id) else { throw APIError.notFound }
        let isDefective = core.behaviour.withLock { $0.exportHeaderDefect }
        let body = ResponseBody { writer in
            var contacts = export.contacts
            let ids = contacts.ids()
            var csv = ContactExportWriter(list: list)
            csv.writeHeader(isDefective: isDefective)
            for start in stride(from: 0, to: ids.count, by: Self.sliceSize) {
                for id in ids[start..<min(start + Self.sliceSize, ids.count)] {
                    if let contact = contacts[id] { csv.write(id, contact) }
                }
                try await writer.write(ByteBuffer(bytes: csv.take()))
            }
            // The header, if there was no contact to go with it.
            try await writer.write(ByteBuffer(bytes: csv.take()))
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "text/csv; charset=utf-8"], body: body)
    }
}

extension SimulatorContext {
    /// The id of the list in the path.
    var listID: String { pathPart("contactListId") }
}
