internal import RollcallCore

extension Pipeline {
    /// The pipeline with steps that have read what they need besides the rows; only such a one opens its source.
    ///
    /// Whatever is done with its rows goes by this one reading.
    func prepared() async throws -> Pipeline {
        var pipeline = self
        for (place, step) in transforms.enumerated() {
            let prepared = try await step.prepared(reading: step.plugin.table)
            try await prepared.running { try $0.checkContent() }
            pipeline.transforms[place] = prepared
            if let content = prepared.plugin.contentDigest { pipeline.fingerprint.setContent(content, ofStep: place) }
        }
        return pipeline
    }

    /// What was odd about what the steps have read, each with the step's name.
    var remarks: [String] {
        transforms.flatMap { step in step.plugin.remarks.map { "\(step.title): \($0)" } }
    }

    /// Why unchanged rows may come out otherwise than in the run that left this fingerprint, for a person; nil where they cannot.
    func change(since text: String) -> String? {
        let before = Fingerprint(text: text)
        guard before.settings == fingerprint.settings else { return "the pipeline has changed" }
        let changed = transforms.indices.filter { before.contents[$0] != fingerprint.contents[$0] }
        guard !changed.isEmpty else { return nil }
        let titles = Set(changed.map { transforms[$0].title }).sorted()
        return "\(titles.joined(separator: ", ")): the table has changed"
    }
}

extension Component<any Transform> {
    /// The step with what it needs besides the rows.
    func prepared(reading table: Component<any Source>?) async throws -> Component<any Transform> {
        Component(
            plugin: try await running { try await $0.prepared(reading: table) },
            title: title,
            location: location
        )
    }
}
