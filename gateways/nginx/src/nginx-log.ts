// What error.log holds at level debug of nginx's own.

/** Lines in which nginx writes down the heads of requests and answers, cookies and tokens among them. */
export const writtenByNginx =
  /http (?:header: "|proxy header:|script copy|script var: )|^(?:Cookie|Authorization): |recv:/i
