import { type Board, Problem, type UserId } from "@vitrine/contracts";
import type { BoardView } from "@vitrine/store";

/** A board as the API shows it. */
export function boardBody({ isMember: _, createdAt, ...board }: BoardView): Board {
  return { ...board, createdAt: new Date(createdAt).toISOString() };
}

/** The board, if the user owns it; else the problem, which tells a secret board from none to members alone. */
export function ownedBoard(board: BoardView | undefined, userId: UserId): BoardView {
  if (!board) throw boardNotFound();
  if (board.ownerId === userId) return board;
  throw new Problem("forbidden", "Only the board's owner may do this; ask the owner.");
}

/** The problem for a board that is not there, or that the caller does not see. */
export function boardNotFound(): Problem {
  return new Problem("not-found", "There is no board of this id that you can see.");
}
