// What the injected scripts leave behind in a page, for the type checker alone.
declare var gegencheckAnchor: (sentences: { text: string; before?: string; after?: string }[], root: Node) => { ranges: Range[]; by: "exact" | "context" | "fuzzy" | "none" }[];
declare var gegencheckMarks: { mark: (order: any) => string[]; clear: () => void; step: (by: number) => void } | undefined;
declare var gegencheckPause: { stop: () => void } | undefined;
interface GegencheckCard {
  lay: (near: DOMRect) => void;
  fill: (
    content: {
      state: string; language: string; label: string;
      lines: { text: string; part?: "headline" | "rating" }[];
      link?: { text: string; url: string } | null;
      buttons: { name: string; text: string; act: () => void }[];
    },
    near: DOMRect,
  ) => void;
  empty: () => void;
  press: (event: Event) => void;
  onKey: (act: (event: KeyboardEvent) => void) => void;
  focus: () => void;
  lift: () => void;
  close: () => void;
}
declare var gegencheckCard: ((role: "dialog" | "status", blind?: boolean) => GegencheckCard) & {
  isCard: (target: EventTarget | null) => boolean;
  PRESSES: string[];
};
