# A Rails application in one file: Doorkeeper with OpenID Connect, a sign-in page, one user.
require 'json'
require 'action_controller/railtie'
require 'active_record/railtie'
require 'doorkeeper'
require 'doorkeeper/openid_connect'

OPTIONS = JSON.parse(File.read('options.json'))

class User < ActiveRecord::Base
end

class App < Rails::Application
  config.root = Dir.pwd
  config.eager_load = false
  config.secret_key_base = OPTIONS['secretKey']
  config.hosts.clear
  config.logger = Logger.new($stderr)
  config.log_level = :warn
end

Doorkeeper.configure do
  orm :active_record
  resource_owner_authenticator do
    User.find_by(id: session[:user_id]) ||
      redirect_to("/sign-in?#{{ return_to: request.fullpath }.to_query}")
  end
  default_scopes :openid
  optional_scopes :profile
  use_refresh_token
  access_token_expires_in 10.minutes
  grant_flows %w[authorization_code]
  force_ssl_in_redirect_uri { |uri| uri.host != 'localhost' }
end

Doorkeeper::OpenidConnect.configure do
  issuer OPTIONS['issuer']
  signing_key OPTIONS['privateKey']
  # Of the endpoints in the metadata. The default in production is https.
  protocol { :http }
  subject_types_supported [:public]
  subject { |user| user.id }
  resource_owner_from_access_token { |token| User.find_by(id: token.resource_owner_id) }
  auth_time_from_resource_owner { |user| user.signed_in_at }
  claims do
    normal_claim(:name, scope: :profile, response: %i[id_token user_info]) { |user| user.name }
  end
end

class SessionsController < ActionController::Base
  def new
    render inline: <<~HTML
      <title>Sign in</title>
      <%= form_tag '/sign-in' do %>
        <%= hidden_field_tag :return_to, params[:return_to] %>
        <input type="password" name="password"><button>Sign in</button>
      <% end %>
    HTML
  end

  def create
    return head :unauthorized unless params[:password] == OPTIONS['password']
    return head :bad_request unless params[:return_to].start_with?('/oauth/authorize?')

    user = User.first
    user.update!(signed_in_at: Time.now)
    session[:user_id] = user.id
    redirect_to params[:return_to]
  end
end

App.initialize!

ActiveRecord::Schema.verbose = false
# As the generators of both gems write it, without the column previous_refresh_token.
ActiveRecord::Schema.define do
  create_table :users do |t|
    t.string :name, null: false
    t.datetime :signed_in_at
  end
  create_table :oauth_applications do |t|
    t.string :name, null: false
    t.string :uid, null: false, index: { unique: true }
    t.string :secret, null: false
    t.text :redirect_uri, null: false
    t.string :scopes, null: false, default: ''
    t.boolean :confidential, null: false, default: true
    t.timestamps null: false
  end
  create_table :oauth_access_grants do |t|
    t.references :resource_owner, null: false
    t.references :application, null: false
    t.string :token, null: false, index: { unique: true }
    t.integer :expires_in, null: false
    t.text :redirect_uri, null: false
    t.datetime :created_at, null: false
    t.datetime :revoked_at
    t.string :scopes, null: false, default: ''
    t.string :code_challenge
    t.string :code_challenge_method
  end
  create_table :oauth_access_tokens do |t|
    t.references :resource_owner
    t.references :application, null: false
    t.string :token, null: false, index: { unique: true }
    t.string :refresh_token, index: { unique: true }
    t.integer :expires_in
    t.datetime :revoked_at
    t.datetime :created_at, null: false
    t.string :scopes
  end
  create_table :oauth_openid_requests do |t|
    t.references :access_grant, null: false
    t.string :nonce, null: false
  end
end

App.routes.draw do
  use_doorkeeper { skip_controllers :applications, :authorized_applications }
  use_doorkeeper_openid_connect
  get '/sign-in', to: 'sessions#new'
  post '/sign-in', to: 'sessions#create'
end

User.create!(name: 'Alice Andersson')
OPTIONS['clients'].each do |client|
  Doorkeeper::Application.create!(
    name: 'The SPA',
    uid: client['id'],
    secret: client['secret'],
    redirect_uri: OPTIONS['redirectUri'],
    scopes: 'openid profile'
  )
end

run App
