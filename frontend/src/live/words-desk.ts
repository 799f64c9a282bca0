/** Sentences about the consent list, reopened items, recusals, points of order and speaking times. */

const fill = (format: string, values: Record<string, unknown>): string => interpolate(format, values, true);

// ── consent list ──
export const consentTitle = (): string => gettext("Adopted without discussion");
export const consentAdopt = (n: number): string =>
  fill(ngettext("Adopt %(n)s item without discussion", "Adopt %(n)s items without discussion", n), { n });
export const consentPreview = (): string =>
  gettext("One gavel adopts all of these items. Until it falls, any voting member may bring one up for discussion.");
export const consentGone = (): string => gettext("Nothing is left to be adopted without discussion.");
export const consentPulled = (): string => gettext("Will be discussed");
export const consentNow = (n: number): string =>
  fill(ngettext("Bring down the gavel: adopt %(n)s item", "Bring down the gavel: adopt %(n)s items", n), { n });
export const pulledBy = (name: string): string => fill(gettext("brought up by %(name)s"), { name });
export const askedBefore = (name: string): string => fill(gettext("%(name)s asked for a discussion beforehand"), { name });
export const againstBefore = (n: number): string =>
  fill(
    ngettext("%(n)s objection or wish to speak stated beforehand", "%(n)s objections or wishes to speak stated beforehand", n),
    { n },
  );
export const pull = (): string => gettext("Bring up for discussion");
export const pullItem = (number: number): string => fill(gettext("Bring up item %(number)s for discussion"), { number });
export const pullFor = (): string => gettext("In the name of");
export const pullForItem = (number: number): string => fill(gettext("Who brings up item %(number)s"), { number });
export const chooseMember = (): string => gettext("Choose a member");
export const consentHint = (n: number): string =>
  fill(ngettext("%(n)s item is to be adopted without discussion", "%(n)s items are to be adopted without discussion", n), { n });
export const adoptedInBlock = (): string => gettext("adopted without discussion");
export const reopened = (time: string): string => fill(gettext("reopened %(time)s"), { time });

// ── reopening ──
export const reopen = (): string => gettext("Reopen");
export const reopenItem = (number: number): string => fill(gettext("Reopen item %(number)s"), { number });
export const reopenTitle = (number: number): string => fill(gettext("Reopen item %(number)s?"), { number });
export const reopenBody = (): string =>
  gettext("The item waits to be called again. What was decided on it stands until a new vote is closed. The reason goes into the log.");

// ── taking no part ──
export const recusalTitle = (): string => gettext("Members who take no part in this item");
export const recusalButton = (n: number): string =>
  n === 0 ? gettext("Takes no part") : fill(gettext("Takes no part: %(n)s"), { n });
export const recusalLaw = (): string =>
  gettext("Who takes no part gets no ballot on this item and is named in the minutes. It is no abstention.");
export const recusalNone = (): string => gettext("Everybody takes part.");
export const recusalReason = (code: string): string =>
  ({ conflict: gettext("Conflict of interest"), other: pgettext("recusal", "Other reason") })[code] ?? code;
export const recusalReasons = ["conflict", "other"] as const;
export const recusalNote = (): string => gettext("Note, if you like");
export const recusalWho = (): string => gettext("Member");
export const recusalRecord = (): string => gettext("Record it");
export const takesPartAgain = (): string => gettext("Takes part again");
export const takesPartAgainName = (name: string): string => fill(gettext("%(name)s takes part again"), { name });
export const recuseMe = (): string => gettext("I take no part in this item");
export const recuseMeTitle = (): string => gettext("Take no part in this item?");
export const recuseMeBody = (): string =>
  gettext("You get no ballot on this item; it stands in the minutes. Until the vote is opened you can take part again.");
export const recuseMeDo = (): string => gettext("Withdraw from this item");
export const recusedMe = (): string => gettext("You take no part in this item.");
export const takePartAgain = (): string => gettext("Take part again");
export const papersWithheld = (): string => gettext("Its papers are not shown to you while you take no part in it.");

// ── the floor ──
export const pointOfOrder = (): string => gettext("Point of order");
export const withdrawPoint = (): string => gettext("Withdraw my point of order");
export const inPlaceOf = (name: string): string => fill(gettext("in place of %(name)s"), { name });
export const speakingTimes = (): string => gettext("Speaking time");
export const speechOf = (times: number, time: string): string =>
  fill(ngettext("%(n)s speech, %(time)s", "%(n)s speeches, %(time)s", times), { n: times, time });
export const byMember = (): string => gettext("By member");
export const byItem = (): string => gettext("By item");
export const notSpokenYet = (): string => gettext("Present and has not spoken");
export const nobodySpoke = (): string => gettext("Nobody has spoken yet.");
export const addSpeaker = (): string => gettext("Put on the list of speakers");
export const addToQueue = (): string => gettext("Add to the list");
export const substituteOf = (name: string, member: string): string =>
  fill(gettext("%(name)s, in place of %(member)s"), { name, member });
export const substitute = (): string => gettext("Substitute");
export const substituteLaw = (): string => gettext("A substitute may speak and never votes.");

// ── roll call ──
export const rollCall = (): string => gettext("Roll call on paper");
export const rollCallWaits = (): string => gettext("Roll call: waits for the second person");
export const byRollCall = (entered: string, confirmed: string): string =>
  fill(gettext("By roll call, entered later by %(entered)s, confirmed by %(confirmed)s."), { entered, confirmed });
export const byRollCallShort = (): string => gettext("by roll call");

// ── the presenter's page ──
export const followPresenter = (): string => gettext("Follow the presenter");
export const followingNow = (name: string): string => fill(gettext("%(name)s turns the pages"), { name });
export const presenterAt = (page: number): string => fill(gettext("The presenter is on page %(page)s"), { page });
export const presentMine = (): string => gettext("Turn the pages for everybody");
export const presentPaper = (): string => gettext("Show a page to everybody");
export const presentingNow = (name: string, page: number): string =>
  fill(gettext("%(name)s shows page %(page)s to everybody"), { name, page });
export const presentWhich = (): string => gettext("Paper shown");
export const pageBefore = (): string => gettext("Previous page");
export const pageAfter = (): string => gettext("Next page");
export const presentEnd = (): string => gettext("End showing");
