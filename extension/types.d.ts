// What the injected scripts leave behind in a page, for the type checker alone.
declare var gegencheckAnchor: (sentences: { text: string; before?: string; after?: string }[], root: Node) => { ranges: Range[]; by: "exact" | "context" | "fuzzy" | "none" }[];
declare var gegencheckMarks: { mark: (order: any) => string[]; clear: () => void; step: (by: number) => void } | undefined;
declare var gegencheckPause: { stop: () => void } | undefined;
declare var gegencheckCard: (
  content: {
    state: string; language: string; label: string; role: "dialog" | "status";
    lines: { text: string; part?: "headline" | "rating" }[];
    link?: { text: string; url: string } | null;
    buttons: { name: string; text: string; act: () => void }[];
  },
  near: DOMRect | null,
) => { element: HTMLElement; focus: () => void; close: () => void };
