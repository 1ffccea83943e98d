// What the injected scripts leave behind in a page, for the type checker alone.
declare var gegencheckAnchor: (sentences: string[], root: Node) => { ranges: Range[]; by: "exact" | "context" | "fuzzy" | "none" }[];
declare var gegencheckMarks: { mark: (order: any) => string[]; clear: () => void; step: (by: number) => void };
