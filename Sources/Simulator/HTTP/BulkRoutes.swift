import Foundation
import HTTPTypes
import Hummingbird
import Synchronization

/// Changes of many contacts at once, by jobs.
struct BulkRoutes {
    /// Jobs that a listing has.
    private static let listingSize = 10

    /// The service's `ContactsBulkUpdateRequest`, as far as it is understood here.
    private struct UpdateRequest: Decodable {
        var contactIds: [String]?
        var contact: Patch?
        /// A backup of the contacts before the change; there is none here.
        var generateDownloadURI: Bool?

        init(from decoder: any Decoder) throws {
            try decoder.refuseKeys(otherThan: CodingKeys.self)
            let values = try decoder.container(keyedBy: CodingKeys.self)
            guard !values.contains(.contactListFilterId), !values.contains(.criteria) else {
                throw APIError.badRequest(
                    "constraint.validation",
                    "The simulator takes only contactIds, neither contactListFilterId nor criteria."
                )
            }
            contactIds = try values.decodeIfPresent([String].self, forKey: .contactIds)
            contact = try values.decodeIfPresent(Patch.self, forKey: .contact)
            generateDownloadURI = try values.decodeIfPresent(Bool.self, forKey: .generateDownloadURI)
        }

        private enum CodingKeys: String, CodingKey, CaseIterable {
            case contactListFilterId
            case criteria
            case contactIds
            case contact
            case generateDownloadURI
        }
    }

    /// The fields to change; one that is left out stays.
    private struct Patch: Decodable {
        var callable: Bool?
        var data: [String: String]?

        init(from decoder: any Decoder) throws {
            try decoder.refuseKeys(otherThan: CodingKeys.self)
            let values = try decoder.container(keyedBy: CodingKeys.self)
            callable = try values.decodeIfPresent(Bool.self, forKey: .callable)
            data = try values.decodeIfPresent([String: String].self, forKey: .data)
        }

        private enum CodingKeys: String, CodingKey, CaseIterable {
            case callable
            case data
        }
    }

    let core: SimulatorCore

    func add(to routes: APIRoutes) {
        let bulk = "/outbound/contactlists/{contactListId}/contacts/bulk"
        routes.on(.post, bulk + "/update", needs: "outbound:contact:edit") { request, context in
            try begin(context.decode(UpdateRequest.self, from: request), context)
        }
        routes.on(.get, bulk + "/jobs", needs: "outbound:contactList:view") { _, context in try list(context) }
        routes.on(.get, bulk + "/jobs/{jobId}", needs: "outbound:contactList:view") { _, context in
            let id = context.pathPart("jobId")
            guard let job = try jobs(context).first(where: { $0.id == id }) else { throw APIError.resourceNotFound }
            return try Response(json: job.body(list: context.listID))
        }
    }

    private func begin(_ request: UpdateRequest, _ context: SimulatorContext) throws -> Response {
        let listID = context.listID
        guard let list = core.organization.body(of: listID) else { throw APIError.contactListNotFound }
        var seen = Set<String>()
        let ids = (request.contactIds ?? []).filter { seen.insert($0).inserted }
        guard !ids.isEmpty else {
            throw APIError.badRequest("constraint.validation", "contactIds must name at least one contact.")
        }
        let patch = try patch(request.contact, columns: list.columnNames ?? [])
        let duration = core.behaviour.withLock { $0.jobSeconds }
        let due = core.timeline.elapsed() + .seconds(duration)
        let id = UUID().uuidString.lowercased()
        let isBegun: Void? = core.organization.withList(listID) { list in
            list.jobs.append(
                BulkJob(
                    id: id,
                    contactIDs: ids,
                    patch: patch,
                    totalRecords: ids.count { list.contacts[$0] != nil },
                    due: due
                )
            )
        }
        guard isBegun != nil else { throw APIError.contactListNotFound }
        core.settle()
        guard let job = try jobs(context).first(where: { $0.id == id }) else { throw APIError.resourceNotFound }
        return try Response(json: job.body(list: listID), status: duration > 0 ? .accepted : .ok)
    }

    private func patch(_ contact: Patch?, columns: [String]) throws -> IncomingContact {
        guard let contact, contact.callable != nil || contact.data?.isEmpty == false else {
            throw APIError.badRequest("constraint.validation", "contact must have callable or data to change.")
        }
        let patch = IncomingContact(contact.data ?? [:], columns: columns, callable: contact.callable)
        if let problem = ContactRules.problem(withPatch: patch) { throw problem }
        return patch
    }

    private func list(_ context: SimulatorContext) throws -> Response {
        let listID = context.listID
        let bodies = try jobs(context).suffix(Self.listingSize).reversed().map { $0.body(list: listID) }
        let info = PageRequest(number: 1, size: Self.listingSize)
            .info(total: bodies.count, path: "/api/v2/outbound/contactlists/\(listID)/contacts/bulk/jobs")
        return try Response(json: Page(entities: bodies, info: info))
    }

    private func jobs(_ context: SimulatorContext) throws -> [BulkJob] {
        guard let jobs = core.organization.withList(context.listID, { $0.jobs }) else {
            throw APIError.contactListNotFound
        }
        return jobs
    }
}
