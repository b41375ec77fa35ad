// An API behind the authorizer, which hands the access token over; it checks the token as any API does.
export const handler = async ({ requestContext }) => {
  const { authorization = '' } = requestContext.authorizer?.lambda ?? {}
  return { statusCode: 200, body: JSON.stringify({ scheme: authorization.split(' ')[0] }) }
}
