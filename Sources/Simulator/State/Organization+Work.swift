extension Organization.List {
    /// Whether work has come due.
    func isDue(at now: Duration) -> Bool {
        nextDue.map { $0 <= now } ?? false
    }

    /// Does what has come due by `now`, in the order in which it did.
    mutating func settle(at now: Duration, timeline: Timeline, readDelay: Duration) {
        while let due = nextDue, due <= now {
            if let index = jobs.firstIndex(where: { $0.completedRecords == nil && $0.due == due }) {
                let hiding = readDelay > .zero ? ContactTable.Hiding(from: due, until: due + readDelay) : nil
                jobs[index].completedRecords = change(by: jobs[index], hiding)
                jobs[index].contactIDs = []
            } else {
                exports.finish(contacts, date: timeline.date(at: due))
            }
        }
    }

    private var nextDue: Duration? {
        jobs.reduce(exports.due) { first, job in
            job.completedRecords == nil ? min(first ?? job.due, job.due) : first
        }
    }

    /// - Returns: How many contacts there were to change.
    private mutating func change(by job: BulkJob, _ hiding: ContactTable.Hiding?) -> Int {
        var count = 0
        for id in job.contactIDs where contacts[id] != nil {
            contacts.update(job.patch, id: id, hiding: hiding)
            count += 1
        }
        return count
    }
}
