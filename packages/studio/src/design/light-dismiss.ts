/**
 * A click beside the dialog closes it, by the browser's own doing. Where a browser does not know the attribute,
 * Esc and the close button remain. React's types do not have it yet.
 */
export const lightDismiss = { closedby: "any" };
