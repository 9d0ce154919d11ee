-- What wrk sends: the documented payment by 3-D Secure, each time under a code of its own, as a bank that remembers wants.

local body = [[{"PaymentDetail":{"Amount":1.00,"MerchantUniqueCode":"%s","TrackingCode":"TrackingCode1","Half3D":false,]]
  .. [["MerchantSuccessBackUrl":"https://domain.com/callback","MerchantFailBackUrl":"https://domain.com/callback",]]
  .. [["ClientIP":"0.0.0.0","CurrencyId":1,"Installment":1,"ChannelId":0,"TagId":0},]]
  .. [["Card":{"OwnerName":"Test","Number":"5528790000000008","ExpireMonth":"12","ExpireYear":"2030","Cvv":"123"},]]
  .. [["Customer":{"FullName":"FullName","Phone":"5336662211","Email":"user@example.com","Country":"Country",]]
  .. [["City":"City","Address":"Address"},]]
  .. [["Products":[{"ProductId":"1","ProductName":"Product","ProductCategory":"Category",]]
  .. [["ProductDescription":"Description","ProductAmount":1.00}]}]]

local headers = { ["Content-Type"] = "application/json", apikeypublic = "k", apiclientpublic = "c" }

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local sent = 0

function request()
  sent = sent + 1
  return wrk.format("POST", "/api/paywall/payment/start3d", headers, body:format(number .. "-" .. sent))
end
